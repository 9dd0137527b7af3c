package io.atelier.generator.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is to edit.
 *
 * @param images in the order in which the prompt refers to them; empty if new images are to be generated
 * @param mask the part of the first image that changes; null for the whole image
 */
public record SourceImages(
        List<SourceImage> images, @Nullable EditMask mask) {

    /** Nothing to edit. */
    public static final SourceImages NONE = new SourceImages(List.of(), null);

    public SourceImages {
        images = List.copyOf(images);
    }

    /** Images without a mask. */
    public static SourceImages of(SourceImage... images) {
        return new SourceImages(List.of(images), null);
    }

    public boolean isEmpty() {
        return images.isEmpty();
    }

    /** The number of images. */
    public int size() {
        return images.size();
    }
}
