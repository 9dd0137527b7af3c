package io.atelier.generator.engine.diffusion.scheduler.training;

import java.util.List;

/**
 * The noise of each timestep of a model's training: the latents were {@code sqrt(a) * image + sqrt(1 - a) * noise}, where {@code a} falls from
 * almost 1 at timestep 0 to almost 0 at the last; diffusers' {@code alphas_cumprod}. Computed in single precision where diffusers does so.
 */
public final class TrainingNoise {

    /** A hundred times what models have. The noise of each is computed before anything else is known of a model. */
    private static final int MAX_TIMESTEPS = 100_000;

    private static final String COSINE = "squaredcos_cap_v2";
    private static final String RESCALED = "rescale_betas_zero_snr";

    private final float[] signal;
    private final float[] sigmas;
    private final boolean cosine;

    private TrainingNoise(float[] signal, boolean cosine) {
        this.signal = signal;
        this.cosine = cosine;
        sigmas = new float[signal.length];
        for (int t = 0; t < sigmas.length; t++) {
            sigmas[t] = (float) Math.sqrt((1 - signal[t]) / signal[t]);
        }
    }

    /** The noise that the file describes, with the defaults of most classes of diffusers. */
    public static TrainingNoise of(SchedulerFields fields) {
        var allowed = List.of("linear", "scaled_linear", COSINE);
        return of(fields, fields.requireOneOf("beta_schedule", allowed), 0.0001, 0.02);
    }

    /** The noise that the file describes, with the defaults of latent diffusion, which diffusers' LCM class has. */
    public static TrainingNoise ofLatentDiffusion(SchedulerFields fields) {
        var allowed = List.of("scaled_linear", "linear", COSINE);
        return of(fields, fields.requireOneOf("beta_schedule", allowed), 0.00085, 0.012);
    }

    private static TrainingNoise of(SchedulerFields fields, String schedule, double missingStart, double missingEnd) {
        double start = fields.number("beta_start", missingStart);
        double end = fields.number("beta_end", missingEnd);
        requireShare(fields, "beta_start", start);
        requireShare(fields, "beta_end", end);
        float[] betas = trainedBetas(fields);
        if (betas.length == 0) {
            betas = new float[timesteps(fields)];
            for (int t = 0; t < betas.length; t++) {
                betas[t] = beta(schedule, start, end, t, betas.length);
            }
        }
        var signal = cumulative(betas);
        if (fields.flag(RESCALED, false)) {
            signal = withoutSignalAtTheEnd(signal);
        }
        return new TrainingNoise(signal, schedule.equals(COSINE));
    }

    /** A beta is the share of the variance that a timestep adds. */
    private static void requireShare(SchedulerFields fields, String field, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw fields.unsupported(field, beta, List.of("0 and more, below 1"));
        }
    }

    /** The number of timesteps of a model's training. */
    public static int timesteps(SchedulerFields fields) {
        int timesteps = fields.integer("num_train_timesteps", 1000);
        if (timesteps < 2 || timesteps > MAX_TIMESTEPS) {
            throw fields.unsupported("num_train_timesteps", timesteps, List.of("2 to " + MAX_TIMESTEPS));
        }
        return timesteps;
    }

    /** The same, but with a finite noise level at the last timestep even if the file asks for noise without any signal there. */
    public TrainingNoise finite() {
        int last = signal.length - 1;
        if (signal[last] > 0) {
            return this;
        }
        var finite = signal.clone();
        finite[last] = 0x1p-24f;
        return new TrainingNoise(finite, cosine);
    }

    /** The number of timesteps. */
    public int timesteps() {
        return signal.length;
    }

    /** Whether the noise follows the cosine schedule of Nichol and Dhariwal (2021). */
    public boolean cosine() {
        return cosine;
    }

    /** The squared part of the image at a timestep, 0 to 1; timesteps after the last count as the last. */
    public double signal(int timestep) {
        return signal[Math.min(timestep, signal.length - 1)];
    }

    /** The noise level {@code sqrt((1 - a) / a)} at a timestep; between timesteps interpolated. */
    public double sigma(double timestep) {
        int low = (int) Math.min(timestep, sigmas.length - 1.0);
        int high = Math.min(low + 1, sigmas.length - 1);
        return sigmas[low] + (timestep - low) * ((double) sigmas[high] - sigmas[low]);
    }

    /** The timestep with a noise level, with a fraction, interpolated by logarithms; at most the last timestep. */
    public double timestepOf(double sigma) {
        double log = Math.log(Math.max(sigma, 1e-10));
        int low = 0;
        while (low < sigmas.length - 2 && log(low + 1) <= log) {
            low++;
        }
        double weight = (log - log(low)) / (log(low + 1) - log(low));
        return low + Math.max(0, Math.min(1, weight));
    }

    /** Writes what the training made of an image at a timestep. */
    public void mix(int timestep, float[] original, float[] noise, float[] into) {
        float image = (float) Math.sqrt(signal(timestep));
        float rest = (float) Math.sqrt(1 - signal(timestep));
        for (int k = 0; k < into.length; k++) {
            into[k] = image * original[k] + rest * noise[k];
        }
    }

    private float log(int timestep) {
        return (float) Math.log(sigmas[timestep]);
    }

    private static float[] trainedBetas(SchedulerFields fields) {
        var numbers = fields.numbers("trained_betas");
        var betas = new float[numbers.size()];
        for (int t = 0; t < betas.length; t++) {
            betas[t] = numbers.get(t).floatValue();
        }
        return betas;
    }

    private static float beta(String schedule, double start, double end, int t, int count) {
        double along = t / (count - 1.0);
        return switch (schedule) {
            case "linear" -> (float) (start + along * (end - start));
            case "scaled_linear" -> {
                float root = (float) (Math.sqrt(start) + along * (Math.sqrt(end) - Math.sqrt(start)));
                yield root * root;
            }
            default -> (float) Math.min(1 - cosine((t + 1.0) / count) / cosine((double) t / count), 0.999);
        };
    }

    private static double cosine(double time) {
        double root = Math.cos((time + 0.008) / 1.008 * Math.PI / 2);
        return root * root;
    }

    private static float[] cumulative(float[] betas) {
        var products = new float[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            product *= 1 - betas[t];
            products[t] = (float) product;
        }
        return products;
    }

    /** Algorithm 1 of Lin et al. (2023): the roots are moved and scaled so that the first stays and the last becomes 0. */
    private static float[] withoutSignalAtTheEnd(float[] signal) {
        double first = Math.sqrt(signal[0]);
        double last = Math.sqrt(signal[signal.length - 1]);
        var rescaled = new float[signal.length];
        for (int t = 0; t < rescaled.length; t++) {
            double root = (Math.sqrt(signal[t]) - last) * first / (first - last);
            rescaled[t] = (float) (root * root);
        }
        return rescaled;
    }
}
