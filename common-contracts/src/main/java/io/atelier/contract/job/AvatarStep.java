package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** A step of an avatar. A step is one task or several, such as one for each grid. The order is that of the work. */
public enum AvatarStep {
    /** Write the prompt of the grids from the persona. */
    PROMPT,
    /** Make the base image from the persona: the image that all grids show again. */
    BASE,
    /** Make grids by edits of the base image. */
    GRID,
    /** Cut the grids into images. */
    SPLIT,
    /** Copy the images to their public keys. */
    PUBLISH;

    /** The JSON value: the name in lower case. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
