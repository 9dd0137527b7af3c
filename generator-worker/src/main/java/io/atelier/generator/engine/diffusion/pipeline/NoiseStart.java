package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.scheduler.Scheduler;

/** Starts a run from noise alone. For one run. */
final class NoiseStart implements LatentStart {

    private final Scheduler scheduler;
    private final float[] noise;

    /**
     * Creates the start.
     *
     * @param noise standard normal {@code [n, C, h, w]}; taken over
     */
    NoiseStart(Scheduler scheduler, float[] noise) {
        this.scheduler = scheduler;
        this.noise = noise;
    }

    @Override
    public int firstEvaluation() {
        return 0;
    }

    @Override
    public float[] latents() {
        float scale = scheduler.initialNoiseScale();
        for (int i = 0; i < noise.length; i++) {
            noise[i] *= scale;
        }
        return noise;
    }
}
