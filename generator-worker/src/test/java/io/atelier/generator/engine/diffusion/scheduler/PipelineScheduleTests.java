package io.atelier.generator.engine.diffusion.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The 36 golden runs of diffusers' pipelines: their timesteps, noise levels, first latents and, without guidance, their first step. */
class PipelineScheduleTests {

    private static final String FOLDER = "/diffusers-tiny/";
    private static final List<String> PIPELINES = List.of("sd15", "sdxl", "lcm", "sd3", "flux", "flux-dev");

    @Test
    void allCasesAreChecked() {
        assertThat(cases()).hasSize(36);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void timestepsAreThoseOfThePipeline(Case golden) {
        var scheduler = golden.scheduler();
        var expected = golden.json.path("timesteps");

        assertThat(scheduler.evaluations()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            float timestep = expected.get(i).floatValue();
            if (timestep == Math.rint(timestep)) {
                assertThat(scheduler.timestep(i)).isEqualTo(timestep);
            } else {
                assertThat(scheduler.timestep(i)).isCloseTo(timestep, Percentage.withPercentage(1e-4));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noiseLevelsAreThoseOfThePipeline(Case golden) {
        var scheduler = golden.scheduler();
        var expected = golden.json.path("sigmas");

        for (int i = 0; i < expected.size(); i++) {
            assertThat(scheduler.sigma(i)).isCloseTo(expected.get(i).floatValue(), Percentage.withPercentage(1e-4));
        }
        if (expected.isNull()) {
            assertThat(scheduler.sigma(0)).isNaN();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstLatentsAreThoseOfThePipeline(Case golden) {
        var scheduler = golden.scheduler();

        assertThat(scheduler.initialNoiseScale())
                .isCloseTo(golden.json.path("init_noise_sigma").asFloat(1), Percentage.withPercentage(1e-4));
        golden.assertEquals(golden.first(scheduler, golden.generators()), golden.json.path("initial_latents"), 1e-4f);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void firstInputIsThatOfTheModel(Case golden) {
        var scheduler = golden.scheduler();
        var latents = golden.first(scheduler, golden.generators());

        scheduler.scaleInput(0, latents, latents);

        var inputs = golden.json.path("first_call").path("inputs");
        var expected =
                inputs.path(inputs.has("sample") ? "sample" : "hidden_states").path("first");
        for (int k = 0; k < expected.size(); k++) {
            assertThat(latents[k]).isCloseTo(expected.get(k).floatValue(), within(1e-4f));
        }
    }

    @ParameterizedTest
    @MethodSource("casesWithoutGuidance")
    void firstStepIsThatOfThePipeline(Case golden) {
        var scheduler = golden.scheduler();
        var random = golden.generators();
        var latents = golden.first(scheduler, random);
        var known = golden.json.path("first_call").path("output").path("first");
        var output = new float[latents.length];
        for (int k = 0; k < known.size(); k++) {
            output[k] = known.get(k).floatValue();
        }

        scheduler.step(0, output, latents, into -> golden.fill(into, random));

        var expected = golden.json.path("steps").get(0).path("latents").path("first");
        assertThat(expected.size()).isBetween(1, known.size());
        for (int k = 0; k < expected.size(); k++) {
            assertThat(latents[k]).isCloseTo(expected.get(k).floatValue(), within(1e-4f));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void filesOfModelsAreRead(String file, SchedulerKind kind) {
        try (var in = PipelineScheduleTests.class.getResourceAsStream(FOLDER + file)) {
            var config = SchedulerConfig.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));

            assertThat(config.kind()).isEqualTo(kind);
            assertThat(config.replacedClass()).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Object[]> files() {
        return Stream.of(
                new Object[] {"sd15/scheduler/scheduler_config.json", SchedulerKind.PNDM},
                new Object[] {
                    "sd15/variants/dpmpp2m-karras/scheduler/scheduler_config.json", SchedulerKind.DPM_SOLVER_MULTISTEP
                },
                new Object[] {"sdxl/scheduler/scheduler_config.json", SchedulerKind.EULER},
                new Object[] {"lcm/scheduler/scheduler_config.json", SchedulerKind.LCM},
                new Object[] {"sd3/scheduler/scheduler_config.json", SchedulerKind.FLOW_MATCH_EULER},
                new Object[] {"flux/scheduler/scheduler_config.json", SchedulerKind.FLOW_MATCH_EULER},
                new Object[] {"flux-dev/scheduler/scheduler_config.json", SchedulerKind.FLOW_MATCH_EULER});
    }

    static Stream<Case> cases() {
        return PIPELINES.stream().flatMap(Case::of);
    }

    static Stream<Case> casesWithoutGuidance() {
        return cases().filter(
                        golden -> !golden.json.path("classifier_free_guidance").booleanValue());
    }

    /** One run of a pipeline. */
    record Case(String pipeline, JsonNode json) {

        static Stream<Case> of(String pipeline) {
            try (var in = PipelineScheduleTests.class.getResourceAsStream(FOLDER + pipeline + "/golden.json")) {
                return new JsonMapper().readTree(in).path("cases").valueStream().map(json -> new Case(pipeline, json));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Scheduler scheduler() {
            var config = ((ObjectNode) json.path("scheduler_config").deepCopy())
                    .put("_class_name", json.path("scheduler").stringValue());
            return SchedulerConfig.parse(config.toString())
                    .schedule(json.path("num_inference_steps").intValue(), packed() ? shape(1) : 0);
        }

        /** One generator for each image, or one for all. */
        List<TorchGenerator> generators() {
            var generators = new ArrayList<TorchGenerator>();
            json.path("seeds").forEach(seed -> generators.add(new TorchGenerator(seed.longValue())));
            return generators;
        }

        float[] first(Scheduler scheduler, List<TorchGenerator> random) {
            var latents = new float[shape(0) * shape(1) * shape(2) * (packed() ? 1 : shape(3))];
            fill(latents, random);
            for (int k = 0; k < latents.length; k++) {
                latents[k] *= scheduler.initialNoiseScale();
            }
            return packed() ? pack(latents) : latents;
        }

        void fill(float[] into, List<TorchGenerator> random) {
            int each = into.length / random.size();
            for (int i = 0; i < random.size(); i++) {
                random.get(i).normal(into, i * each, each);
            }
        }

        void assertEquals(float[] latents, JsonNode expected, float tolerance) {
            var first = expected.path("first");
            var last = expected.path("last");
            for (int k = 0; k < first.size(); k++) {
                assertThat(latents[k]).isCloseTo(first.get(k).floatValue(), within(tolerance));
            }
            for (int k = 0; k < last.size(); k++) {
                assertThat(latents[latents.length - last.size() + k])
                        .isCloseTo(last.get(k).floatValue(), within(tolerance));
            }
            double sum = 0;
            for (float value : latents) {
                sum += value;
            }
            // Roundings of many values add up: 16,384 of them differ by 3e-4 together.
            double ofSum = Math.max(tolerance, 1e-7 * expected.path("abs_sum").doubleValue());
            assertThat(sum).isCloseTo(expected.path("sum").doubleValue(), within(ofSum));
        }

        /** FLUX: 2 x 2 patches of 16 channels become 64 values, channels first. */
        private float[] pack(float[] latents) {
            int height = json.path("height").intValue() / 8;
            int width = json.path("width").intValue() / 8;
            var packed = new float[latents.length];
            int image = 16 * height * width;
            for (int k = 0; k < latents.length; k++) {
                int channel = k % image / (height * width);
                int y = k % (height * width) / width;
                int x = k % width;
                int patch = y / 2 * (width / 2) + x / 2;
                packed[k / image * image + patch * 64 + channel * 4 + y % 2 * 2 + x % 2] = latents[k];
            }
            return packed;
        }

        private boolean packed() {
            return pipeline.startsWith("flux");
        }

        private int shape(int axis) {
            return json.path("initial_latents").path("shape").get(axis).intValue();
        }

        @Override
        public String toString() {
            return pipeline + " " + json.path("name").stringValue();
        }
    }
}
