package io.atelier.generator.engine.diffusion.scheduler;

/** Gives the noise that some schedulers add in a step; one call is one draw of noise for all images of the run. */
@FunctionalInterface
public interface NoiseSource {

    /**
     * Fills the array with standard normal numbers.
     *
     * @param into as long as the latents of the run, image by image
     */
    void fill(float[] into);
}
