package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.KarrasSigmas;
import io.atelier.generator.engine.diffusion.scheduler.training.PredictionType;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TimestepSpacing;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;
import java.util.Arrays;
import java.util.List;

/**
 * DPM-Solver++ as a multistep method of second order (Lu et al., 2022; "DPM++ 2M"). The latents are {@code alpha * image + alpha * sigma * noise}
 * with {@code alpha = 1 / sqrt(sigma^2 + 1)}.
 */
final class DpmSolverScheduler implements Scheduler {

    /** With fewer steps than this the last one is of first order, which is more stable. */
    private static final int FEW_STEPS = 15;

    private final int[] timesteps;
    private final float[] sigmas;
    private final PredictionType prediction;
    private final boolean secondOrder;
    private final boolean heun;
    private final boolean lastOfFirstOrder;

    private float[] image = {};
    private float[] imageBefore = {};

    private DpmSolverScheduler(SchedulerFields fields, int[] timesteps, double[] sigmas, double last) {
        this.timesteps = timesteps;
        this.sigmas = new float[timesteps.length + 1];
        for (int i = 0; i < timesteps.length; i++) {
            this.sigmas[i] = (float) sigmas[i];
        }
        this.sigmas[timesteps.length] = (float) last;
        prediction = PredictionType.of(fields);
        // Files of other classes use the same names with other meanings.
        boolean own = fields.text("_class_name", "").equals(SchedulerKind.DPM_SOLVER_MULTISTEP.className());
        secondOrder = !own || order(fields) == 2;
        heun = own && solver(fields).equals("heun");
        boolean few = timesteps.length < FEW_STEPS && (!own || fields.flag("lower_order_final", true));
        lastOfFirstOrder = last == 0 || few || (own && fields.flag("euler_at_final", false));
    }

    static DpmSolverScheduler of(SchedulerFields fields, int steps) {
        fields.requireFalse(
                "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "thresholding");
        if (fields.text("variance_type", "").startsWith("learned")) {
            throw fields.unsupported("variance_type", fields.text("variance_type", ""), List.of("null"));
        }
        var training = TrainingNoise.of(fields).finite();
        boolean zero = fields.requireOneOf("final_sigmas_type", List.of("zero", "sigma_min"))
                .equals("zero");
        double last = zero ? 0 : training.sigma(0);
        if (fields.flag(KarrasSigmas.FIELD, false)) {
            double max = training.sigma(training.timesteps() - 1.0);
            var sigmas = KarrasSigmas.between(max, training.sigma(0), steps);
            return new DpmSolverScheduler(fields, timestepsOf(sigmas, training), sigmas, last);
        }
        int[] timesteps = TimestepSpacing.of(fields, TimestepSpacing.LINSPACE)
                .wholeTimestepsAboveZero(steps, end(fields, training), fields.integer("steps_offset", 0));
        var sigmas = Arrays.stream(timesteps).mapToDouble(training::sigma).toArray();
        return new DpmSolverScheduler(fields, timesteps, sigmas, last);
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
    public void predictImage(int i, float[] output, float[] latents, float[] into) {
        prediction.at(alpha(i), noise(i)).images(latents, 1, output, into);
    }

    @Override
    public void step(int i, float[] output, float[] latents, NoiseSource noise) {
        boolean first = image.length == 0;
        var spare = first ? new float[latents.length] : imageBefore;
        imageBefore = first ? new float[latents.length] : image;
        image = spare;
        var conversion = prediction.at(alpha(i), noise(i));
        for (int k = 0; k < latents.length; k++) {
            image[k] = conversion.image(latents[k], output[k]);
        }
        boolean last = i == timesteps.length - 1 && lastOfFirstOrder;
        advance(i, latents, first || last || !secondOrder ? 0 : correction(i));
    }

    @Override
    public void addNoise(int i, float[] original, float[] noise, float[] into) {
        float signal = (float) alpha(i);
        float rest = (float) noise(i);
        for (int k = 0; k < into.length; k++) {
            into[k] = signal * original[k] + rest * noise[k];
        }
    }

    private void advance(int i, float[] latents, double correction) {
        float ofLatents = (float) (noise(i + 1) / noise(i));
        float ofImage = (float) (-alpha(i + 1) * Math.expm1(-distance(i)));
        float ofChange = (float) correction;
        for (int k = 0; k < latents.length; k++) {
            latents[k] = ofLatents * latents[k] + ofImage * image[k] + ofChange * (image[k] - imageBefore[k]);
        }
    }

    /** The factor of the change of the predicted image since the step before. */
    private double correction(int i) {
        double h = distance(i);
        if (h == 0) {
            return 0;
        }
        double decay = Math.expm1(-h);
        double slope = heun ? decay / h + 1 : -0.5 * decay;
        return alpha(i + 1) * slope * h / distance(i - 1);
    }

    /** How much the logarithm of the ratio of signal to noise grows in a step; infinite if no noise is left. */
    private double distance(int i) {
        return Math.log(sigmas[i]) - Math.log(sigmas[i + 1]);
    }

    private double alpha(int i) {
        return 1 / Math.hypot(sigmas[i], 1);
    }

    private double noise(int i) {
        return sigmas[i] * alpha(i);
    }

    private static int[] timestepsOf(double[] sigmas, TrainingNoise training) {
        var exact = Arrays.stream(sigmas).map(training::timestepOf);
        return exact.mapToInt(t -> (int) (training.cosine() ? t : Math.rint(t))).toArray();
    }

    /** The number of timesteps that are not too noisy; {@code lambda_min_clipped} bounds them for cosine schedules. */
    private static int end(SchedulerFields fields, TrainingNoise training) {
        double least = fields.number("lambda_min_clipped", Double.NEGATIVE_INFINITY);
        int end = training.timesteps();
        while (end > 1 && -Math.log(training.sigma(end - 1.0)) < least) {
            end--;
        }
        return end;
    }

    private static int order(SchedulerFields fields) {
        fields.requireOneOf("algorithm_type", List.of("dpmsolver++", "deis"));
        int order = fields.integer("solver_order", 2);
        if (order != 1 && order != 2) {
            throw fields.unsupported("solver_order", order, List.of("1", "2"));
        }
        return order;
    }

    private static String solver(SchedulerFields fields) {
        return fields.requireOneOf("solver_type", List.of("midpoint", "heun", "logrho", "bh1", "bh2"));
    }
}
