package io.atelier.generator.engine.pocket.text;

import io.atelier.generator.engine.diffusion.tokenizer.TokenizedText;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizer;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizers;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.Tensors;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import java.util.Map;

/** The text encoder: all-MiniLM-L6-v2 (int8), a sentence encoder, without further training. Thread-safe. */
public final class TextEncoder implements AutoCloseable {

    /** The maximum number of ids, including {@code [CLS]} at the start and {@code [SEP]} at the end. */
    private static final int MAX_IDS = 64;

    private final Tokenizer tokenizer;
    private final OnnxModel model;

    private TextEncoder(Tokenizer tokenizer, OnnxModel model) {
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /** Loads the encoder and its vocabulary. */
    public static TextEncoder load(ModelFolder folder) {
        var tokenizer = Tokenizers.parse("tokenizer.json", folder.weights("tokenizer"));
        // A prompt is too short to gain from a second thread.
        return new TextEncoder(tokenizer, OnnxModel.load(folder.weights("text_encoder"), 1));
    }

    /** The embeddings of the first 64 tokens of a prompt. */
    public TokenEmbeddings encode(String prompt, OnnxRun run) {
        var text = tokenizer.encode(prompt, MAX_IDS);
        return new TokenEmbeddings(states(text, run), text.cut().isPresent());
    }

    /** Inputs {@code input_ids}, {@code attention_mask} and {@code token_type_ids} int64 {@code [1, L]}, output {@code last_hidden_state} float32 {@code [1, L, 384]}. */
    private float[] states(TokenizedText text, OnnxRun run) {
        // The model was trained without padding.
        int length = text.unpaddedLength();
        try (var tensors = new Tensors()) {
            var tokens = tensors.longs(1, length);
            var mask = tensors.longs(1, length);
            var types = tensors.longs(1, length);
            var states = tensors.floats(1, length, TokenEmbeddings.WIDTH);
            for (int i = 0; i < length; i++) {
                tokens.values().put(i, text.id(i));
                mask.values().put(i, 1);
            }
            run.evaluate(
                    model,
                    Map.of(
                            "input_ids",
                            tokens.tensor(),
                            "attention_mask",
                            mask.tensor(),
                            "token_type_ids",
                            types.tensor()),
                    Map.of("last_hidden_state", states.tensor()));
            var values = new float[length * TokenEmbeddings.WIDTH];
            states.values().get(0, values);
            return values;
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
