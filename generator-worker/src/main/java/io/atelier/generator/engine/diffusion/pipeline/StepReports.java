package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.scheduler.Scheduler;

/** Reports the steps of a run to its listener, with the images that they predict if it wants them. For one run. */
final class StepReports implements DenoisingLoop.StepListener {

    private final Scheduler scheduler;
    private final LatentStart start;
    private final float[] latents;
    private final LatentShape shape;
    private final DiffusionListener listener;

    /**
     * @param latents of the run, which the loop changes
     * @param shape of the latents of one image
     */
    StepReports(
            Scheduler scheduler, LatentStart start, float[] latents, LatentShape shape, DiffusionListener listener) {
        this.scheduler = scheduler;
        this.start = start;
        this.latents = latents;
        this.shape = shape;
        this.listener = listener;
    }

    @Override
    public void predicted(int evaluation, float[] prediction) {
        if (listener.wantsPrediction()) {
            var images = new float[latents.length];
            scheduler.predictImage(evaluation, prediction, latents, images);
            listener.predicted(step(evaluation), steps(), images, shape);
        }
    }

    @Override
    public void done(int evaluation) {
        start.afterStep(evaluation, latents);
        listener.denoised(step(evaluation), steps(), latents, shape);
    }

    /** Counted from 1. */
    private int step(int evaluation) {
        return evaluation + 1 - start.firstEvaluation();
    }

    private int steps() {
        return scheduler.evaluations() - start.firstEvaluation();
    }
}
