package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.contract.image.ImageSize;

/**
 * What SDXL is told about the size of an image, as in its training data.
 *
 * @param original the size before scaling
 * @param cropTop pixels that were cut off at the top
 * @param cropLeft pixels that were cut off at the left
 * @param target the size of the result
 */
public record SizeConditioning(ImageSize original, int cropTop, int cropLeft, ImageSize target) {

    /** An image that is neither scaled nor cropped. */
    public static SizeConditioning of(ImageSize size) {
        return new SizeConditioning(size, 0, 0, size);
    }

    /** Input {@code time_ids}: heights come before widths. */
    float[] timeIds() {
        return new float[] {original.height(), original.width(), cropTop, cropLeft, target.height(), target.width()};
    }
}
