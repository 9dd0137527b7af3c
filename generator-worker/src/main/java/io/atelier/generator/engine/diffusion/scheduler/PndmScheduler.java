package io.atelier.generator.engine.diffusion.scheduler;

import io.atelier.generator.engine.diffusion.scheduler.training.PredictionType;
import io.atelier.generator.engine.diffusion.scheduler.training.SchedulerFields;
import io.atelier.generator.engine.diffusion.scheduler.training.TimestepSpacing;
import io.atelier.generator.engine.diffusion.scheduler.training.TrainingNoise;
import java.util.List;

/**
 * The pseudo linear multistep method of Liu et al. (2022), without Runge-Kutta steps. It evaluates the second timestep twice: the first step
 * is made again with the mean of the outputs at both its ends. Later steps use the outputs of up to four evaluations. The second call of a run
 * that starts later does the same, as in diffusers, although its timesteps are not repeated.
 */
final class PndmScheduler implements Scheduler {

    /** The weights of the outputs, the newest first, when so many of them are known as the row has weights. */
    private static final List<List<Double>> WEIGHTS = List.of(
            List.of(1.0),
            List.of(3 / 2.0, -1 / 2.0),
            List.of(23 / 12.0, -16 / 12.0, 5 / 12.0),
            List.of(55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0));

    private final TrainingNoise training;
    private final int[] timesteps;
    private final int distance;
    private final PredictionType prediction;
    private final double lastSignal;

    private final float[][] outputs = new float[WEIGHTS.size()][0];
    private float[] start = {};
    private float[] combined = {};
    private int calls;

    private PndmScheduler(SchedulerFields fields, TrainingNoise training, int[] spaced) {
        this.training = training;
        distance = training.timesteps() / spaced.length;
        timesteps = new int[spaced.length == 1 ? 1 : spaced.length + 1];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = spaced[i < 2 ? i : i - 1];
        }
        prediction = PredictionType.of(fields);
        if (prediction == PredictionType.SAMPLE) {
            throw fields.unsupported("prediction_type", "sample", List.of("epsilon", "v_prediction"));
        }
        lastSignal = fields.flag("set_alpha_to_one", false) ? 1 : training.signal(0);
    }

    static PndmScheduler of(SchedulerFields fields, int steps) {
        var training = TrainingNoise.of(fields);
        return new PndmScheduler(fields, training, TimestepSpacing.wholeTimesteps(fields, steps, training));
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
        int call = calls++;
        if (call == 0) {
            start = latents.clone();
            combined = new float[latents.length];
        }
        if (call == 1) {
            average(output);
            System.arraycopy(start, 0, latents, 0, latents.length);
            advance(timesteps[i] + distance, timesteps[i], latents);
        } else {
            int known = Math.min(Math.max(call, 1), WEIGHTS.size());
            remember(output);
            combine(WEIGHTS.get(known - 1));
            advance(timesteps[i], timesteps[i] - distance, latents);
        }
    }

    @Override
    public void addNoise(int i, float[] original, float[] noise, float[] into) {
        training.mix(timesteps[i], original, noise, into);
    }

    /** Keeps the output as the newest; the array of the oldest is used for it. */
    private void remember(float[] output) {
        var oldest = outputs[outputs.length - 1];
        System.arraycopy(outputs, 0, outputs, 1, outputs.length - 1);
        outputs[0] = oldest.length == output.length ? oldest : new float[output.length];
        System.arraycopy(output, 0, outputs[0], 0, output.length);
    }

    private void average(float[] output) {
        for (int k = 0; k < combined.length; k++) {
            combined[k] = (output[k] + outputs[0][k]) / 2;
        }
    }

    private void combine(List<Double> weights) {
        for (int j = 0; j < weights.size(); j++) {
            float weight = weights.get(j).floatValue();
            for (int k = 0; k < combined.length; k++) {
                combined[k] = (j == 0 ? 0 : combined[k]) + weight * outputs[j][k];
            }
        }
    }

    /** Formula 9 of the paper. */
    private void advance(int timestep, int next, float[] latents) {
        double signal = training.signal(timestep);
        double nextSignal = next < 0 ? lastSignal : training.signal(next);
        double divisor = signal * Math.sqrt(1 - nextSignal) + Math.sqrt(signal * (1 - signal) * nextSignal);
        float ofLatents = (float) Math.sqrt(nextSignal / signal);
        float ofNoise = (float) (-(nextSignal - signal) / divisor);
        var conversion = prediction.at(Math.sqrt(signal), Math.sqrt(1 - signal));
        for (int k = 0; k < latents.length; k++) {
            latents[k] = ofLatents * latents[k] + ofNoise * conversion.noise(latents[k], combined[k]);
        }
    }
}
