package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.PredictionType;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;

/** Sampling of latent consistency models (Luo et al., 2023): each step predicts the image, and all steps but the last add noise to it. */
final class LcmScheduler implements Scheduler {

    /** The standard deviation of the training images that the boundary condition assumes. */
    private static final double SIGMA_DATA = 0.5;

    private final TrainingNoise training;
    private final int[] timesteps;
    private final PredictionType prediction;
    private final float clip;
    private final double timestepScaling;

    private float[] added = {};

    private LcmScheduler(SchedulerFields fields, TrainingNoise training, int[] timesteps) {
        this.training = training;
        this.timesteps = timesteps;
        prediction = PredictionType.of(fields);
        clip = fields.flag("clip_sample", false) ? (float) fields.number("clip_sample_range", 1) : Float.MAX_VALUE;
        timestepScaling = fields.number("timestep_scaling", 10);
    }

    static LcmScheduler of(SchedulerFields fields, int steps) {
        return of(fields, steps, distilledSteps(fields));
    }

    /**
     * A schedule that starts later, as for a change of an image.
     *
     * @param distilled how many of the steps that the model was distilled from are used, from the last; at least {@code steps}
     */
    static LcmScheduler of(SchedulerFields fields, int steps, int distilled) {
        fields.requireFalse("thresholding");
        var training = TrainingNoise.ofLatentDiffusion(fields);
        int distance = training.timesteps() / distilledSteps(fields);
        var timesteps = new int[steps];
        for (int i = 0; i < steps; i++) {
            int skipped = (int) Math.floor(i * ((double) distilled / steps));
            timesteps[i] = (distilled - skipped) * distance - 1;
        }
        return new LcmScheduler(fields, training, timesteps);
    }

    /** The number of steps that the model was distilled from; a run cannot have more. */
    static int distilledSteps(SchedulerFields fields) {
        return fields.integer("original_inference_steps", 50);
    }

    @Override
    public int evaluations() {
        return timesteps.length;
    }

    @Override
    public float timestep(int i) {
        return timesteps[i];
    }

    @Override
    public void predictImage(int i, float[] output, float[] latents, float[] into) {
        double signal = training.signal(timesteps[i]);
        prediction.at(Math.sqrt(signal), Math.sqrt(1 - signal)).images(latents, 1, output, into);
    }

    @Override
    public void step(int i, float[] output, float[] latents, NoiseSource noise) {
        double signal = training.signal(timesteps[i]);
        var conversion = prediction.at(Math.sqrt(signal), Math.sqrt(1 - signal));
        double scaled = timesteps[i] * timestepScaling;
        double norm = Math.hypot(scaled, SIGMA_DATA);
        float ofImage = (float) (scaled / norm);
        float ofLatents = (float) (SIGMA_DATA * SIGMA_DATA / (norm * norm));
        for (int k = 0; k < latents.length; k++) {
            float image = Math.max(-clip, Math.min(clip, conversion.image(latents[k], output[k])));
            latents[k] = ofImage * image + ofLatents * latents[k];
        }
        if (i < timesteps.length - 1) {
            addNext(i, latents, noise);
        }
    }

    @Override
    public void addNoise(int i, float[] original, float[] noise, float[] into) {
        training.mix(timesteps[i], original, noise, into);
    }

    private void addNext(int i, float[] latents, NoiseSource noise) {
        if (added.length != latents.length) {
            added = new float[latents.length];
        }
        noise.fill(added);
        training.mix(timesteps[i + 1], latents, added, latents);
    }
}
