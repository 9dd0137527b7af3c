package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentMask;
import io.atelier.generator.engine.diffusion.scheduler.NoiseSource;
import io.atelier.generator.engine.diffusion.scheduler.Scheduler;
import org.jspecify.annotations.Nullable;

/** Starts a run from the latents of an image, and with a mask keeps them where nothing is to change. For one run. */
final class ImageStart implements LatentStart {

    private final Scheduler scheduler;
    private final float[] original;
    private final float[] noise;
    private final int firstEvaluation;
    private final @Nullable LatentMask mask;
    private final boolean replacesMasked;
    private final float[] kept;

    /**
     * Creates the start.
     *
     * @param original {@code [n, C, h, w]} of the image, without noise; taken over
     * @param source drawn once
     * @param firstEvaluation of the scheduler
     * @param mask null if everything may change
     * @param replacesMasked whether the masked part of the image is to leave no trace
     */
    ImageStart(
            Scheduler scheduler,
            float[] original,
            NoiseSource source,
            int firstEvaluation,
            @Nullable LatentMask mask,
            boolean replacesMasked) {
        this.scheduler = scheduler;
        this.original = original;
        this.noise = new float[original.length];
        source.fill(noise);
        this.firstEvaluation = firstEvaluation;
        this.mask = mask;
        this.replacesMasked = replacesMasked;
        this.kept = new float[mask == null ? 0 : original.length];
    }

    /**
     * The evaluation with which the given share of the steps begins. Flow matching rounds the share up, the others round it down, as diffusers; one is
     * always left.
     *
     * @param strength more than 0 to 1
     */
    static int firstEvaluation(int steps, double strength, boolean flowMatching) {
        double share = Math.min(steps * strength, steps);
        return Math.min(steps - 1, flowMatching ? (int) (steps - share) : steps - (int) share);
    }

    @Override
    public int firstEvaluation() {
        return firstEvaluation;
    }

    @Override
    public float[] latents() {
        if (mask != null && replacesMasked) {
            return new NoiseStart(scheduler, noise.clone()).latents();
        }
        var latents = new float[original.length];
        scheduler.addNoise(firstEvaluation, original, noise, latents);
        return latents;
    }

    @Override
    public void afterStep(int evaluation, float[] latents) {
        if (mask == null) {
            return;
        }
        if (evaluation + 1 < scheduler.evaluations()) {
            scheduler.addNoise(evaluation + 1, original, noise, kept);
            mask.restore(latents, kept);
        } else {
            mask.restore(latents, original);
        }
    }
}
