package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.pocket.text.TokenEmbeddings;
import org.jspecify.annotations.Nullable;

/**
 * What pulls the noise towards a picture: classifier-free guidance (Ho and Salimans, 2022).
 *
 * @param away what to go away from; null for the mean of all pictures
 * @param scale 1 goes to the prompt alone, and needs half the work
 */
record ClassifierFreeGuidance(
        TokenEmbeddings towards, @Nullable TokenEmbeddings away, double scale) {

    boolean guided() {
        return scale != 1;
    }
}
