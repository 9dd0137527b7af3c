package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.onnx.TensorValues;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the text encoders made of one or more texts. Immutable. */
public final class PromptEmbeddings {

    private final TensorValues states;
    private final @Nullable TensorValues pooled;
    private final List<Integer> lengths;
    private final List<PromptWarning> warnings;

    /**
     * Creates the embeddings of {@code n} texts.
     *
     * @param states {@code [n, S, D]} for {@code S} tokens: {@code encoder_hidden_states} of the denoiser
     * @param pooled {@code [n, P]}: one vector for the whole text; null where the family uses none
     * @param warnings about texts that were cut, or that the model does not know
     */
    PromptEmbeddings(TensorValues states, @Nullable TensorValues pooled, List<PromptWarning> warnings) {
        this(states, pooled, Collections.nCopies(states.length(0), states.length(1)), warnings);
    }

    private PromptEmbeddings(
            TensorValues states, @Nullable TensorValues pooled, List<Integer> lengths, List<PromptWarning> warnings) {
        this.states = states;
        this.pooled = pooled;
        this.lengths = List.copyOf(lengths);
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Joins texts that were encoded one by one; the end of shorter ones is zeros.
     *
     * @param texts {@code [1, L, D]} of each
     */
    public static PromptEmbeddings ofTexts(List<TensorValues> texts, List<PromptWarning> warnings) {
        var lengths = texts.stream().map(text -> text.length(1)).toList();
        return new PromptEmbeddings(TokenStates.stack(texts, Collections.max(lengths)), null, lengths, warnings);
    }

    /** {@code [n, S, D]}. */
    public TensorValues states() {
        return states;
    }

    /** The number of tokens of a text, without the zeros behind them. */
    public int length(int text) {
        return lengths.get(text);
    }

    /** {@code [n, P]}; null where the family uses none. */
    public @Nullable TensorValues pooled() {
        return pooled;
    }

    /** What was not read as the texts say. */
    public List<PromptWarning> warnings() {
        return warnings;
    }
}
