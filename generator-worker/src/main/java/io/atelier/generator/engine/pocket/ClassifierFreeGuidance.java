package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.pocket.text.TokenEmbeddings;
import org.jspecify.annotations.Nullable;

/**
 * The texts and the scale of classifier-free guidance (Ho and Salimans, 2022): the velocity is {@code n + scale * (p - n)}, where {@code p} is
 * predicted from the prompt and {@code n} from the negative prompt.
 *
 * @param prompt token embeddings {@code [L, 384]}
 * @param negative token embeddings {@code [L, 384]} of the negative prompt; null for the unconditional prediction, without a text
 * @param scale 0 to 30; 1 gives the prediction from the prompt alone and takes half the time
 */
record ClassifierFreeGuidance(
        TokenEmbeddings prompt, @Nullable TokenEmbeddings negative, double scale) {

    /** Whether both predictions are needed. */
    boolean needsBoth() {
        return scale != 1;
    }
}
