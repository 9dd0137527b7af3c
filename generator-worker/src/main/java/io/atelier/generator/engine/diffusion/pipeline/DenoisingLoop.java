package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.pipeline.denoiser.NoisePredictor;
import io.atelier.generator.engine.diffusion.scheduler.NoiseSource;
import io.atelier.generator.engine.diffusion.scheduler.Scheduler;
import io.atelier.generator.engine.onnx.OnnxRun;

/**
 * The loop of all pipelines: scale the latents, predict the noise or velocity, let the scheduler make a step.
 *
 * @param firstEvaluation 0, or a later one if the run starts from an image
 * @param noise for schedulers that add noise in a step
 */
record DenoisingLoop(Scheduler scheduler, int firstEvaluation, NoisePredictor predictor, NoiseSource noise) {

    /**
     * Denoises in place.
     *
     * @param latents {@code [n, C, h, w]} of all images
     */
    void denoise(float[] latents, OnnxRun run, StepListener listener) {
        var scaled = new float[latents.length];
        var prediction = new float[latents.length];
        int evaluations = scheduler.evaluations();
        for (int i = firstEvaluation; i < evaluations; i++) {
            scheduler.scaleInput(i, latents, scaled);
            predictor.predict(scaled, scheduler.timestep(i), prediction, run);
            listener.predicted(i, prediction);
            scheduler.step(i, prediction, latents, noise);
            listener.done(i);
        }
    }

    /** Called in each step. */
    @FunctionalInterface
    interface StepListener {

        /**
         * The network was evaluated, and the latents are still those before the step. Nothing may be changed.
         *
         * @param evaluation counted from 0
         * @param prediction of the network, after guidance
         */
        default void predicted(int evaluation, float[] prediction) {}

        /**
         * The latents are at the next noise level.
         *
         * @param evaluation counted from 0
         */
        void done(int evaluation);
    }
}
