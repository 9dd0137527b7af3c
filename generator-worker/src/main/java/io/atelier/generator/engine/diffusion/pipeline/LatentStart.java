package io.atelier.generator.engine.diffusion.pipeline;

/** Where a run starts: from noise, or from an image with noise. */
interface LatentStart {

    /** The first evaluation of the scheduler. */
    int firstEvaluation();

    /** New latents {@code [n, C, h, w]} with the noise of the first evaluation. */
    float[] latents();

    /** Changes the latents in place after each step. */
    default void afterStep(int evaluation, float[] latents) {}
}
