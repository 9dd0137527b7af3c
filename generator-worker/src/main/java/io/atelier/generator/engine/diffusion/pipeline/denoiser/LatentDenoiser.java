package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;

/** The network that predicts noise or velocity, of one family of pipelines. Thread-safe. */
public interface LatentDenoiser {

    /** Whether a run with this guidance scale is guided by a negative prompt, which takes two predictions for each image. */
    boolean usesNegativePrompt(double guidance);

    /**
     * Prepares a run.
     *
     * @param shape of the latents of one image
     * @param images how many images the run makes together
     */
    NoisePredictor start(Conditioning conditioning, LatentShape shape, int images);

    /**
     * The number of tokens that the network reads for an image, where the noise levels depend on them as with FLUX: the lowest is 1 / steps. 0 for the
     * others.
     */
    default int imageTokens(LatentShape shape) {
        return 0;
    }
}
