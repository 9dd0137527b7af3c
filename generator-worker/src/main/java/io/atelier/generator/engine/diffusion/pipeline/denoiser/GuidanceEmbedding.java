package io.atelier.generator.engine.diffusion.pipeline.denoiser;

/** Embeds a guidance scale as sines and cosines of geometric frequencies, which latent consistency models take in place of a second prediction. */
final class GuidanceEmbedding {

    private static final float SCALE = 1_000;
    private static final double LONGEST_PERIOD = 10_000;

    private GuidanceEmbedding() {}

    /**
     * The sines of all frequencies, then their cosines.
     *
     * @param guidance the guidance scale less 1
     * @param width of the embedding; if it is odd, the last value is 0
     */
    static float[] of(double guidance, int width) {
        int frequencies = width / 2;
        // The angles are large, so that they are rounded as in diffusers.
        float scaled = (float) guidance * SCALE;
        float step = (float) Math.log(LONGEST_PERIOD) / (frequencies - 1);
        var embedding = new float[width];
        for (int i = 0; i < frequencies; i++) {
            float angle = scaled * (float) Math.exp(i * -step);
            embedding[i] = (float) Math.sin(angle);
            embedding[frequencies + i] = (float) Math.cos(angle);
        }
        return embedding;
    }
}
