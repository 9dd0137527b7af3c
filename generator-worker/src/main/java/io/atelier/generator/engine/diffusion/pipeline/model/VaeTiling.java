package io.atelier.generator.engine.diffusion.pipeline.model;

/**
 * Which images the VAE decodes and encodes in tiles, because its memory grows with the square of the pixels. Each tile is normalized alone, so that
 * colors differ a little from those of a whole image.
 *
 * @param wholePixels the largest image, width by height, that is not cut
 * @param side the longest side of a tile, in latents
 */
public record VaeTiling(long wholePixels, int side) {

    /** No image is cut. */
    static final VaeTiling NONE = new VaeTiling(Long.MAX_VALUE, 1);

    private static final long WHOLE_PIXELS = 1L << 20;
    private static final int USUAL_SIDE = 512;
    private static final int SHORTEST = 32;
    private static final int LONGEST = 128;

    /**
     * Tiles of the size for which the VAE was made, as far as their memory is not more than that of the largest image that is not cut.
     *
     * @param config of the VAE
     * @param scale pixels for each latent in one direction
     */
    public static VaeTiling of(ComponentConfig config, int scale) {
        int made = config.integer("sample_size", USUAL_SIDE) / scale;
        return new VaeTiling(WHOLE_PIXELS, Math.min(LONGEST, Math.max(SHORTEST, made)));
    }

    /** Whether an image with so many pixels, width by height, is cut. */
    public boolean cuts(long pixels) {
        return pixels > wholePixels;
    }
}
