package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.KarrasSigmas;
import io.atelier.generator.engine.diffusion.scheduler.training.PredictionType;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TimestepSpacing;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;
import java.util.Arrays;
import java.util.List;

/**
 * Euler's method over the noise levels of the training (Karras et al., 2022, algorithm 2 without churn), and its ancestral form, which goes
 * below the next level and adds noise up to it. The latents are {@code image + sigma * noise}.
 */
final class EulerScheduler implements Scheduler {

    private final float[] timesteps;
    private final float[] sigmas;
    private final PredictionType prediction;
    private final boolean ancestral;
    private final float initialNoiseScale;

    private float[] added = {};

    private EulerScheduler(
            SchedulerFields fields, double[] timesteps, double[] sigmas, double last, boolean ancestral) {
        int steps = timesteps.length;
        this.timesteps = new float[steps];
        this.sigmas = new float[steps + 1];
        for (int i = 0; i < steps; i++) {
            this.timesteps[i] = (float) timesteps[i];
            this.sigmas[i] = (float) sigmas[i];
        }
        this.sigmas[steps] = (float) last;
        prediction = PredictionType.of(fields);
        this.ancestral = ancestral;
        // With leading timesteps the first noise level is far from pure noise, so the image's own variance counts too.
        double first = this.sigmas[0];
        initialNoiseScale = (float) (spacing(fields) == TimestepSpacing.LEADING ? Math.sqrt(first * first + 1) : first);
    }

    static EulerScheduler of(SchedulerFields fields, int steps) {
        fields.requireFalse("use_exponential_sigmas", "use_beta_sigmas");
        fields.requireOneOf("interpolation_type", List.of("linear"));
        fields.requireOneOf("timestep_type", List.of("discrete"));
        var training = TrainingNoise.of(fields).finite();
        var timesteps = timesteps(fields, training, steps);
        var sigmas = sigmas(training, timesteps);
        if (fields.flag(KarrasSigmas.FIELD, false)) {
            double max = fields.number("sigma_max", sigmas[0]);
            sigmas = KarrasSigmas.between(max, fields.number("sigma_min", sigmas[steps - 1]), steps);
            timesteps = Arrays.stream(sigmas).map(training::timestepOf).toArray();
        }
        boolean zero = fields.requireOneOf("final_sigmas_type", List.of("zero", "sigma_min"))
                .equals("zero");
        return new EulerScheduler(fields, timesteps, sigmas, zero ? 0 : training.sigma(0), false);
    }

    static EulerScheduler ancestral(SchedulerFields fields, int steps) {
        var training = TrainingNoise.of(fields).finite();
        var timesteps = timesteps(fields, training, steps);
        return new EulerScheduler(fields, timesteps, sigmas(training, timesteps), 0, true);
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
    public float sigma(int i) {
        return sigmas[i];
    }

    @Override
    public float initialNoiseScale() {
        return initialNoiseScale;
    }

    @Override
    public void scaleInput(int i, float[] latents, float[] into) {
        float divisor = (float) Math.hypot(sigmas[i], 1);
        for (int k = 0; k < latents.length; k++) {
            into[k] = latents[k] / divisor;
        }
    }

    @Override
    public void predictImage(int i, float[] output, float[] latents, float[] into) {
        double signal = 1 / Math.hypot(sigmas[i], 1);
        prediction.at(signal, sigmas[i] * signal).images(latents, signal, output, into);
    }

    @Override
    public void step(int i, float[] output, float[] latents, NoiseSource noise) {
        double up = ancestral ? addedNoise(sigmas[i], sigmas[i + 1]) : 0;
        double down = Math.sqrt((double) sigmas[i + 1] * sigmas[i + 1] - up * up);
        float difference = (float) (down - sigmas[i]);
        double signal = 1 / Math.hypot(sigmas[i], 1);
        var conversion = prediction.at(signal, sigmas[i] * signal);
        for (int k = 0; k < latents.length; k++) {
            latents[k] += conversion.noise((float) (latents[k] * signal), output[k]) * difference;
        }
        if (up > 0) {
            add(latents, noise, (float) up);
        }
    }

    @Override
    public void addNoise(int i, float[] original, float[] noise, float[] into) {
        for (int k = 0; k < into.length; k++) {
            into[k] = original[k] + sigmas[i] * noise[k];
        }
    }

    private void add(float[] latents, NoiseSource noise, float factor) {
        if (added.length != latents.length) {
            added = new float[latents.length];
        }
        noise.fill(added);
        for (int k = 0; k < latents.length; k++) {
            latents[k] += added[k] * factor;
        }
    }

    private static double addedNoise(double sigma, double next) {
        return Math.sqrt(next * next * (sigma * sigma - next * next) / (sigma * sigma));
    }

    private static TimestepSpacing spacing(SchedulerFields fields) {
        return TimestepSpacing.of(fields, TimestepSpacing.LINSPACE);
    }

    private static double[] timesteps(SchedulerFields fields, TrainingNoise training, int steps) {
        return spacing(fields).timesteps(steps, training.timesteps(), fields.integer("steps_offset", 0));
    }

    private static double[] sigmas(TrainingNoise training, double[] timesteps) {
        return Arrays.stream(timesteps).map(training::sigma).toArray();
    }
}
