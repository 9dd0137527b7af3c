package io.atelier.generator.engine.pocket.text;

import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.generator.engine.pocket.onnx.OnnxModel;
import io.atelier.generator.engine.pocket.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.onnx.Tensors;
import java.util.List;
import java.util.Map;

/** Reads prompts: all-MiniLM-L6-v2, a sentence encoder, used as it is. Thread-safe. */
public final class TextEncoder implements AutoCloseable {

    private final WordPieceTokenizer wordPiece;
    private final OnnxModel model;

    private TextEncoder(WordPieceTokenizer wordPiece, OnnxModel model) {
        this.wordPiece = wordPiece;
        this.model = model;
    }

    /** Loads the encoder and its vocabulary. */
    public static TextEncoder load(ModelFolder folder) {
        var wordPiece = WordPieceTokenizer.of(folder.weights("tokenizer"));
        // A prompt is too short for a second thread to pay.
        return new TextEncoder(wordPiece, OnnxModel.load(folder.weights("text_encoder"), 1));
    }

    /** The states of a prompt; of a long one only the beginning. */
    public TokenEmbeddings encode(String prompt, OnnxRun run) {
        var tokens = wordPiece.tokens(prompt);
        return new TokenEmbeddings(states(tokens.ids(), run), tokens.truncated());
    }

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
