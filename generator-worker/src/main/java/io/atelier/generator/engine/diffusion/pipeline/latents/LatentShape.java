package io.atelier.generator.engine.diffusion.pipeline.latents;

/**
 * The shape of the latents of one image, {@code [channels, height, width]}. The latents of a run are those of its images, one after the other.
 *
 * @param channels such as 4 or 16
 * @param height in latents, an eighth of the image's
 * @param width in latents, an eighth of the image's
 */
public record LatentShape(int channels, int height, int width) {

    /** The number of values of one image. */
    public int size() {
        return channels * plane();
    }

    /** The number of values of one channel. */
    public int plane() {
        return height * width;
    }
}
