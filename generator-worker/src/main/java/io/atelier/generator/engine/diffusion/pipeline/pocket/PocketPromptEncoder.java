package io.atelier.generator.engine.diffusion.pipeline.pocket;

import io.atelier.generator.engine.diffusion.pipeline.text.EncodingOptions;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEmbeddings;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEncoder;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptWarning;
import io.atelier.generator.engine.diffusion.tokenizer.TokenizedText;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizer;
import io.atelier.generator.engine.diffusion.tokenizer.Tokenizers;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** The text encoder of the model {@code pocket}: all-MiniLM-L6-v2 (int8), a sentence encoder, without further training. Thread-safe. */
public final class PocketPromptEncoder implements PromptEncoder {

    /** The number of floats in the vector of one token. */
    static final int WIDTH = 384;

    /** The maximum number of ids, including {@code [CLS]} at the start and {@code [SEP]} at the end. */
    private static final int MAX_IDS = 64;

    private static final String STATES = "last_hidden_state";

    private final Tokenizer tokenizer;
    private final OnnxModel network;
    private final PocketWarnings warnings;

    private PocketPromptEncoder(Tokenizer tokenizer, OnnxModel network, PocketWarnings warnings) {
        this.tokenizer = tokenizer;
        this.network = network;
        this.warnings = warnings;
    }

    /**
     * Loads the tokenizer and the vocabulary.
     *
     * @param network the text encoder, which the caller closes
     */
    public static PocketPromptEncoder load(ClassPathModel files, OnnxModel network) {
        return new PocketPromptEncoder(
                Tokenizers.parse("tokenizer.json", files.weights("tokenizer")),
                network,
                new PocketWarnings(PromptFamiliarity.load(files), PromptVocabulary.load(files)));
    }

    @Override
    public PromptEmbeddings encode(List<String> texts, EncodingOptions options, OnnxRun run) {
        return encode(texts, "prompt", warnings::about, run);
    }

    /** What is not wanted need not be known. */
    @Override
    public PromptEmbeddings encodeNegative(List<String> texts, EncodingOptions options, OnnxRun run) {
        return encode(texts, "negative prompt", (text, states) -> List.of(), run);
    }

    /** No tokens: all of the text is masked. */
    @Override
    public PromptEmbeddings encodeMissingNegative(EncodingOptions options, OnnxRun run) {
        return PromptEmbeddings.ofTexts(List.of(new TensorValues(List.of(1, 0, WIDTH), new float[0])), List.of());
    }

    @Override
    public int maxClipSkip() {
        return 0;
    }

    private PromptEmbeddings encode(
            List<String> texts,
            String kind,
            BiFunction<String, TensorValues, List<PromptWarning>> warningsAbout,
            OnnxRun run) {
        var states = new ArrayList<TensorValues>();
        var found = new ArrayList<PromptWarning>();
        for (String text : texts) {
            var tokens = tokenizer.encode(text, MAX_IDS);
            var ofText = states(tokens, run);
            states.add(ofText);
            found.addAll(warningsAbout.apply(text, ofText));
            tokens.cut().ifPresent(cut -> found.add(PocketWarnings.truncated(kind)));
        }
        return PromptEmbeddings.ofTexts(states, found);
    }

    /** The states {@code [1, L, 384]} of a text. */
    TensorValues states(String text, OnnxRun run) {
        return states(tokenizer.encode(text, MAX_IDS), run);
    }

    /** Inputs {@code input_ids}, {@code attention_mask} and {@code token_type_ids} {@code [1, L]}. */
    private TensorValues states(TokenizedText text, OnnxRun run) {
        // The model was trained without padding, and with one text at a time.
        int length = text.unpaddedLength();
        var ids = new float[length];
        for (int i = 0; i < length; i++) {
            ids[i] = text.id(i);
        }
        try (var binding = new GraphBinding(network)) {
            binding.required("input_ids", 1, length).put(0, ids);
            binding.required("attention_mask", 1, length).fill(1);
            binding.required("token_type_ids", 1, length);
            return Objects.requireNonNull(binding.compute(run, Set.of(STATES)).get(STATES));
        }
    }
}
