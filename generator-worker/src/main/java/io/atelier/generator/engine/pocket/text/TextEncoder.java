package io.atelier.generator.engine.pocket.text;

import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.Tensors;
import java.util.List;
import java.util.Map;

/** The text encoder: all-MiniLM-L6-v2 (int8), a sentence encoder, without further training. Thread-safe. */
public final class TextEncoder implements AutoCloseable {

    private final WordPieceTokenizer tokenizer;
    private final OnnxModel model;

    private TextEncoder(WordPieceTokenizer tokenizer, OnnxModel model) {
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /** Loads the encoder and its vocabulary. */
    public static TextEncoder load(ModelFolder folder) {
        var tokenizer = WordPieceTokenizer.read(folder.weights("tokenizer"));
        // A prompt is too short to gain from a second thread.
        return new TextEncoder(tokenizer, OnnxModel.load(folder.weights("text_encoder"), 1));
    }

    /** The embeddings of the first 64 tokens of a prompt. */
    public TokenEmbeddings encode(String prompt, OnnxRun run) {
        var tokens = tokenizer.tokenize(prompt);
        return new TokenEmbeddings(states(tokens.ids(), run), tokens.truncated());
    }

    /** Inputs {@code input_ids}, {@code attention_mask} and {@code token_type_ids} int64 {@code [1, L]}, output {@code last_hidden_state} float32 {@code [1, L, 384]}. */
    private float[] states(List<Integer> ids, OnnxRun run) {
        int length = ids.size();
        try (var tensors = new Tensors()) {
            var tokens = tensors.longs(1, length);
            var mask = tensors.longs(1, length);
            var types = tensors.longs(1, length);
            var states = tensors.floats(1, length, TokenEmbeddings.WIDTH);
            for (int i = 0; i < length; i++) {
                tokens.values().put(i, ids.get(i));
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
