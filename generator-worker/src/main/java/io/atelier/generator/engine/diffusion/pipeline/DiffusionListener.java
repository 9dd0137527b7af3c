package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;

/** Follows a run. Called on the thread of the run, which waits. */
public interface DiffusionListener {

    /** Ignores everything. */
    DiffusionListener NONE = new DiffusionListener() {};

    /** The prompts are encoded. */
    default void encoded() {}

    /**
     * A step of the denoiser is done.
     *
     * @param step counted from 1
     * @param steps of this run
     * @param latents {@code [n, C, h, w]}, with the noise that is left; must not be changed
     * @param shape of the latents of one image
     */
    default void denoised(int step, int steps, float[] latents, LatentShape shape) {}

    /** Whether {@link #predicted} is to be called in this step. */
    default boolean wantsPrediction() {
        return false;
    }

    /**
     * The images that a step predicts, before it is done.
     *
     * @param step counted from 1
     * @param steps of this run
     * @param latents {@code [n, C, h, w]} without noise
     * @param shape of the latents of one image
     */
    default void predicted(int step, int steps, float[] latents, LatentShape shape) {}

    /**
     * An image is decoded.
     *
     * @param image counted from 1
     * @param images of this run
     */
    default void decoded(int image, int images) {}
}
