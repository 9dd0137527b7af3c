package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.onnx.TensorValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the text encoders made of one or more texts. Immutable. */
public final class PromptEmbeddings {

    private final TensorValues states;
    private final @Nullable TensorValues pooled;
    private final List<String> warnings;

    /**
     * Creates the embeddings of {@code n} texts.
     *
     * @param states {@code [n, S, D]} for {@code S} tokens: {@code encoder_hidden_states} of the denoiser
     * @param pooled {@code [n, P]}: one vector for the whole text; null where the family uses none
     * @param warnings sentences about texts that were cut
     */
    PromptEmbeddings(TensorValues states, @Nullable TensorValues pooled, List<String> warnings) {
        this.states = states;
        this.pooled = pooled;
        this.warnings = List.copyOf(warnings);
    }

    /** {@code [n, S, D]}. */
    public TensorValues states() {
        return states;
    }

    /** {@code [n, P]}; null where the family uses none. */
    public @Nullable TensorValues pooled() {
        return pooled;
    }

    /** Sentences about texts that were cut. */
    public List<String> warnings() {
        return warnings;
    }
}
