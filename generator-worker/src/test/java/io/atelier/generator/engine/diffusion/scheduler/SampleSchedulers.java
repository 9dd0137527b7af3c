package io.atelier.generator.engine.diffusion.scheduler;

import java.util.LinkedHashMap;
import tools.jackson.databind.json.JsonMapper;

/** Configurations of Stable Diffusion's noise for each kind of scheduler, and models that a test can compute. */
final class SampleSchedulers {

    static final NoiseSource NO_NOISE = into -> {
        throw new AssertionError("noise was drawn");
    };

    private SampleSchedulers() {}

    /** Stable Diffusion's training with leading timesteps and offset 1. */
    static SchedulerConfig config(SchedulerKind kind, Object... fields) {
        return config(kind.className(), fields);
    }

    /**
     * Does the same for the name of a class.
     *
     * @param fields names and values in turn
     */
    static SchedulerConfig config(String className, Object... fields) {
        return SchedulerConfig.parse(json(className, fields));
    }

    static String json(String className, Object... fields) {
        var json = new LinkedHashMap<String, Object>();
        json.put("_class_name", className);
        json.put("beta_start", 0.00085);
        json.put("beta_end", 0.012);
        json.put("beta_schedule", "scaled_linear");
        json.put("timestep_spacing", "leading");
        json.put("steps_offset", 1);
        json.put("skip_prk_steps", true);
        json.put("clip_sample", false);
        for (int i = 0; i < fields.length; i += 2) {
            json.put((String) fields[i], fields[i + 1]);
        }
        return new JsonMapper().writeValueAsString(json);
    }

    static Scheduler scheduler(SchedulerKind kind, int steps, Object... fields) {
        return config(kind, fields).schedule(steps, 0);
    }

    static float[] timesteps(Scheduler scheduler) {
        var timesteps = new float[scheduler.evaluations()];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = scheduler.timestep(i);
        }
        return timesteps;
    }

    static float[] sigmas(Scheduler scheduler) {
        var sigmas = new float[scheduler.evaluations() + 1];
        for (int i = 0; i < sigmas.length; i++) {
            sigmas[i] = scheduler.sigma(i);
        }
        return sigmas;
    }

    /** Runs all evaluations from {@code first} on. */
    static void run(Scheduler scheduler, int first, float[] latents, Model model, NoiseSource noise) {
        var input = new float[latents.length];
        var output = new float[latents.length];
        for (int i = first; i < scheduler.evaluations(); i++) {
            scheduler.scaleInput(i, latents, input);
            for (int k = 0; k < output.length; k++) {
                output[k] = model.output(i, input[k], k);
            }
            scheduler.step(i, output, latents, noise);
        }
    }

    /** A model that is a formula. */
    @FunctionalInterface
    interface Model {
        /** The output at evaluation {@code i} for the scaled input at index {@code k}. */
        float output(int i, float input, int k);
    }
}
