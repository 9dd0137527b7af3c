package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.UnusableModel;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizer;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizers;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.generator.engine.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tokenizer with its text encoder, CLIP or T5. Thread-safe. */
final class TokenEncoder {

    private static final String HIDDEN_STATES = "hidden_states.";

    /** What a text that is cut loses is quoted in a warning up to this length. */
    private static final int LONGEST_QUOTE = 200;

    private final String name;
    private final Tokenizer tokenizer;
    private final OnnxModel network;
    private final int maxTokens;

    private TokenEncoder(String name, Tokenizer tokenizer, OnnxModel network, int maxTokens) {
        this.name = name;
        this.tokenizer = tokenizer;
        this.network = network;
        this.maxTokens = maxTokens;
    }

    /**
     * Loads the components {@code tokenizer} and {@code text_encoder}, or those with a number.
     *
     * @param suffix empty, {@code _2} or {@code _3}
     */
    static TokenEncoder load(DiffusersFolder folder, String suffix, SessionFactory sessions) {
        String encoder = "text_encoder" + suffix;
        var tokenizer = Tokenizers.read(folder.tokenizer("tokenizer" + suffix));
        int maxTokens = folder.config(encoder).integer("max_position_embeddings", tokenizer.maxLength());
        return new TokenEncoder(encoder, tokenizer, sessions.load(folder.weights(encoder)), maxTokens);
    }

    /** The number of tokens that CLIP reads, 77. */
    int clipTokens() {
        return Math.min(maxTokens, tokenizer.maxLength());
    }

    /** The number of layers, if their hidden states were exported; else 0. */
    int exportedLayers() {
        int layers = 0;
        while (network.outputs().containsKey(HIDDEN_STATES + (layers + 1))) {
            layers++;
        }
        return layers;
    }

    /**
     * The name of the output of the last layer but one, or of an earlier one. {@code hidden_states.i} is the output of layer i.
     *
     * @param clipSkip further layers that are left out
     */
    String penultimate(int clipSkip) {
        int layers = exportedLayers();
        if (layers < 2) {
            throw UnusableModel.because(
                    "%s/model.onnx has no hidden states. Export the model again with optimum-cli export onnx."
                            .formatted(name));
        }
        return HIDDEN_STATES + (layers - 1 - clipSkip);
    }

    /**
     * Encodes texts that are padded or cut to a length.
     *
     * @param outputs names of the outputs to return
     */
    EncodedTokens encode(List<String> texts, int length, Set<String> outputs, OnnxRun run) {
        var ids = new float[texts.size() * length];
        var warnings = new ArrayList<PromptWarning>();
        for (int row = 0; row < texts.size(); row++) {
            var tokens = tokenizer.encode(texts.get(row), length);
            for (int i = 0; i < length; i++) {
                ids[row * length + i] = tokens.id(i);
            }
            tokens.cut().ifPresent(cut -> warnings.add(warning(length, cut)));
        }
        try (var binding = new GraphBinding(network)) {
            binding.required("input_ids", texts.size(), length).put(0, ids);
            return new EncodedTokens(binding.compute(run, outputs), warnings);
        }
    }

    private static PromptWarning warning(int length, String cut) {
        String quote = cut.strip();
        if (quote.length() > LONGEST_QUOTE) {
            quote = quote.substring(0, quote.offsetByCodePoints(0, quote.codePointCount(0, LONGEST_QUOTE))) + "…";
        }
        String start = "A text encoder of this model reads %d tokens; it ignored ".formatted(length);
        return new PromptWarning(start + "\"%s\".".formatted(quote), start + "the end of the prompt.");
    }

    /**
     * The result for a batch of texts.
     *
     * @param outputs by name
     * @param warnings about texts that were cut
     */
    record EncodedTokens(Map<String, TensorValues> outputs, List<PromptWarning> warnings) {

        /** An output that was asked for. */
        TensorValues output(String output) {
            var values = outputs.get(output);
            if (values == null) {
                throw UnusableModel.because(
                        "A text encoder has no output \"%s\". Export the model again with optimum-cli export onnx."
                                .formatted(output));
            }
            return values;
        }
    }
}
