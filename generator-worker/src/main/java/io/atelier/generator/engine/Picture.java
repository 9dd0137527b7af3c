package io.atelier.generator.engine;

import java.awt.image.BufferedImage;
import java.util.Map;

/**
 * A drawn picture.
 *
 * @param pixels as they are to be stored
 * @param seed that drew it
 * @param notes what the engine has to say of it, such as its native size; they go into the PNG's text. ASCII keys of up to 79 characters
 */
public record Picture(BufferedImage pixels, long seed, Map<String, String> notes) {

    public Picture {
        notes = Map.copyOf(notes);
    }
}
