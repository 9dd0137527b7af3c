package io.atelier.generator.engine;

import java.awt.image.BufferedImage;
import java.util.Map;

/**
 * A drawn picture.
 *
 * @param pixels as they are to be stored
 * @param seed that drew it; means nothing, and is told nobody, where the engine has no {@link Capability#SEED}
 * @param notes what the engine has to say of it, such as its native size; they go into the PNG's text. ASCII keys of up to 79 characters. What it
 *     says under {@link #WARNING} is for the client's eyes: one or more plain sentences on why the picture may disappoint
 */
public record GeneratedImage(BufferedImage pixels, long seed, Map<String, String> notes) {

    /** The note that is to become a warning of the job. */
    public static final String WARNING = "warning";

    public GeneratedImage {
        notes = Map.copyOf(notes);
    }
}
