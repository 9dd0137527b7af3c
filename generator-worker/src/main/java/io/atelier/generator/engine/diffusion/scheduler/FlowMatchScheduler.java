package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.KarrasSigmas;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;
import java.util.Arrays;
import java.util.List;

/**
 * Euler's method for flow matching (Lipman et al., 2023): the latents are {@code (1 - sigma) * image + sigma * noise}, and the model predicts
 * {@code noise - image}. The levels are moved towards noise by a fixed factor, or by more for larger images (Esser et al., 2024).
 */
final class FlowMatchScheduler implements Scheduler {

    private final float[] sigmas;
    private final int timestepScale;

    private FlowMatchScheduler(double[] sigmas, int timestepScale) {
        this.sigmas = new float[sigmas.length + 1];
        for (int i = 0; i < sigmas.length; i++) {
            this.sigmas[i] = (float) sigmas[i];
        }
        this.timestepScale = timestepScale;
    }

    static FlowMatchScheduler of(SchedulerFields fields, int steps, int imageTokens) {
        fields.requireFalse("use_exponential_sigmas", "use_beta_sigmas", "invert_sigmas", "stochastic_sampling");
        if (fields.has("shift_terminal")) {
            throw fields.unsupported("shift_terminal", fields.number("shift_terminal", 0), List.of("null"));
        }
        int timesteps = TrainingNoise.timesteps(fields);
        double min = imageTokens > 0 ? 1.0 / steps : lowest(fields, timesteps);
        var sigmas = new double[steps];
        Arrays.setAll(sigmas, i -> moved(steps == 1 ? 1 : 1 + i / (steps - 1.0) * (min - 1), fields, imageTokens));
        if (fields.flag(KarrasSigmas.FIELD, false)) {
            sigmas = KarrasSigmas.between(sigmas[0], sigmas[steps - 1], steps);
        }
        return new FlowMatchScheduler(sigmas, timesteps);
    }

    @Override
    public int evaluations() {
        return sigmas.length - 1;
    }

    @Override
    public float timestep(int i) {
        return sigmas[i] * timestepScale;
    }

    @Override
    public float sigma(int i) {
        return sigmas[i];
    }

    @Override
    public void predictImage(int i, float[] output, float[] latents, float[] into) {
        for (int k = 0; k < into.length; k++) {
            into[k] = latents[k] - sigmas[i] * output[k];
        }
    }

    @Override
    public void step(int i, float[] output, float[] latents, NoiseSource noise) {
        float difference = sigmas[i + 1] - sigmas[i];
        for (int k = 0; k < latents.length; k++) {
            latents[k] += difference * output[k];
        }
    }

    @Override
    public void addNoise(int i, float[] original, float[] noise, float[] into) {
        float sigma = sigmas[i];
        for (int k = 0; k < into.length; k++) {
            into[k] = sigma * noise[k] + (1 - sigma) * original[k];
        }
    }

    /** The lowest level of the training. diffusers moves it by the fixed factor here and, as a level of the run, once more. */
    private static double lowest(SchedulerFields fields, int timesteps) {
        double lowest = 1.0 / timesteps;
        return dynamic(fields) ? lowest : byFactor(lowest, fields);
    }

    private static double moved(double sigma, SchedulerFields fields, int imageTokens) {
        return dynamic(fields) ? byImageSize(sigma, fields, imageTokens) : byFactor(sigma, fields);
    }

    private static double byFactor(double sigma, SchedulerFields fields) {
        double factor = fields.number("shift", 1);
        return factor * sigma / (1 + (factor - 1) * sigma);
    }

    private static double byImageSize(double sigma, SchedulerFields fields, int imageTokens) {
        if (imageTokens == 0) {
            throw fields.unsupported("use_dynamic_shifting", true, List.of("false, except with FLUX"));
        }
        double baseTokens = fields.number("base_image_seq_len", 256);
        double slope = (fields.number("max_shift", 1.15) - fields.number("base_shift", 0.5))
                / (fields.number("max_image_seq_len", 4096) - baseTokens);
        double mu = fields.number("base_shift", 0.5) + slope * (imageTokens - baseTokens);
        boolean linear = fields.requireOneOf("time_shift_type", List.of("exponential", "linear"))
                .equals("linear");
        double factor = linear ? mu : Math.exp(mu);
        return factor / (factor + 1 / sigma - 1);
    }

    private static boolean dynamic(SchedulerFields fields) {
        return fields.flag("use_dynamic_shifting", false);
    }
}
