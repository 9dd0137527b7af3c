package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.PredictionType;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TimestepSpacing;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;

/** Denoising diffusion implicit models (Song et al., 2020) with eta 0: the predicted noise is used again in the next latents. */
final class DdimScheduler implements Scheduler {

    private final TrainingNoise training;
    private final int[] timesteps;
    private final PredictionType prediction;
    private final double lastSignal;
    private final float clip;

    private DdimScheduler(SchedulerFields fields, TrainingNoise training, int[] timesteps) {
        this.training = training;
        this.timesteps = timesteps;
        prediction = PredictionType.of(fields);
        lastSignal = fields.flag("set_alpha_to_one", true) ? 1 : training.signal(0);
        clip = fields.flag("clip_sample", true) ? (float) fields.number("clip_sample_range", 1) : Float.MAX_VALUE;
    }

    static DdimScheduler of(SchedulerFields fields, int steps) {
        fields.requireFalse("thresholding");
        var training = TrainingNoise.of(fields);
        return new DdimScheduler(fields, training, TimestepSpacing.wholeTimesteps(fields, steps, training));
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
        int next = timesteps[i] - training.timesteps() / timesteps.length;
        double nextSignal = next < 0 ? lastSignal : training.signal(next);
        float ofImage = (float) Math.sqrt(nextSignal);
        float ofNoise = (float) Math.sqrt(1 - nextSignal);
        for (int k = 0; k < latents.length; k++) {
            float image = Math.max(-clip, Math.min(clip, conversion.image(latents[k], output[k])));
            latents[k] = ofImage * image + ofNoise * conversion.noise(latents[k], output[k]);
        }
    }

    @Override
    public void addNoise(int i, float[] original, float[] noise, float[] into) {
        training.mix(timesteps[i], original, noise, into);
    }
}
