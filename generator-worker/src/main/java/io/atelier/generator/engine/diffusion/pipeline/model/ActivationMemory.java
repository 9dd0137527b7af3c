package io.atelier.generator.engine.diffusion.pipeline.model;

/**
 * The memory for intermediate results of a run on a processor. Its greatest parts are the attention scores, of which ONNX Runtime holds two copies
 * (before and after the softmax), so that it grows with the square of the pixels; and in the VAE the channels of the whole image.
 *
 * <p>The factors were measured with ONNX Runtime 1.28 as the growth of the process's largest resident memory. Attention: 2.1 times the scores in the
 * U-Net of Stable Diffusion (64 x 64 latents, 2 rows: 1064 MiB) and in FLUX (4096 + 512 tokens: 347 MiB); 3.1 times in an encoder of a VAE, whose
 * memory is fragmented. Channels: 4.4 times the largest tensor in a VAE of 128 channels with 512 x 512 pixels (554 MiB).
 *
 * @param denoiser of one row of the batch
 * @param rows of the batch for each image: 2 with guidance by a negative prompt
 * @param vaeChannels the channels of the VAE at the size of the image
 * @param vaeScale pixels for each latent in one direction
 * @param tiling which images the VAE cuts
 * @param comparesPixels whether the VAE has attention, whose memory grows with the square of the pixels
 */
public record ActivationMemory(
        DenoiserActivations denoiser,
        int rows,
        int vaeChannels,
        int vaeScale,
        VaeTiling tiling,
        boolean comparesPixels) {

    private static final double OF_SCORES = 2.2;
    private static final double OF_VAE_SCORES = 3.2;
    private static final double OF_VAE_CHANNELS = 4.5;
    private static final int USUAL_CHANNELS = 256;
    private static final int GUIDED_ROWS = 2;

    /**
     * Of a small U-Net with attention between few tokens, and of a network that enlarges what it makes.
     *
     * @param channels of the U-Net for each of its pixels
     * @param enlargedChannels of the other network for each pixel of the image
     * @param scale pixels of the image for each of those pixels, in one direction
     */
    public static ActivationMemory ofSmallUnet(int channels, int enlargedChannels, int scale) {
        return new ActivationMemory(
                DenoiserActivations.ofSmallUnet(channels), GUIDED_ROWS, enlargedChannels, scale, VaeTiling.NONE, false);
    }

    static ActivationMemory of(DiffusersFolder folder, ModelGeometry geometry) {
        var vae = folder.config("vae_decoder");
        int rows = switch (folder.family()) {
            case STABLE_DIFFUSION, STABLE_DIFFUSION_XL, STABLE_DIFFUSION_3, POCKET -> GUIDED_ROWS;
            case LATENT_CONSISTENCY, FLUX -> 1;
        };
        int channels = (int) vae.numbers("block_out_channels").stream()
                .limit(2)
                .mapToDouble(Float::doubleValue)
                .max()
                .orElse(USUAL_CHANNELS);
        return new ActivationMemory(
                DenoiserActivations.of(folder),
                rows,
                channels,
                geometry.vaeScale(),
                VaeTiling.of(vae, geometry.vaeScale()),
                true);
    }

    /**
     * The memory in bytes of a run, beside the weights.
     *
     * @param pixels of an image, width by height
     * @param images that are made together
     */
    public long bytes(long pixels, int images) {
        double latents = (double) pixels / (vaeScale * vaeScale);
        double ofRow = OF_SCORES * denoiser.scores(latents) + denoiser.features(latents);
        return (long) (Float.BYTES * Math.max(images * rows * ofRow, vae(pixels)));
    }

    /**
     * The most pixels of an image for which the memory is enough.
     *
     * @param bytes beside the weights
     * @param largest the most pixels that are asked for
     * @return 0 to {@code largest}
     */
    public long maxPixels(long bytes, long largest) {
        if (bytes(largest, 1) <= bytes) {
            return largest;
        }
        long fits = 0;
        long exceeds = largest;
        while (exceeds - fits > 1) {
            long middle = (fits + exceeds) / 2;
            if (bytes(middle, 1) <= bytes) {
                fits = middle;
            } else {
                exceeds = middle;
            }
        }
        return fits;
    }

    /** The most values that the VAE holds for an image. */
    private double vae(long pixels) {
        double side = (double) tiling.side() * vaeScale;
        // The memory of the largest image that is not cut is needed for no larger one, whose tiles are at most as
        // large.
        double atOnce = tiling.cuts(pixels) ? Math.max((double) tiling.wholePixels(), side * side) : (double) pixels;
        double tokens = atOnce / (vaeScale * vaeScale);
        double scores = comparesPixels ? OF_VAE_SCORES * tokens * tokens : 0;
        return Math.max(scores, OF_VAE_CHANNELS * vaeChannels * atOnce);
    }
}
