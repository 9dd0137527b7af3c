package io.atelier.generator.engine.diffusion.scheduler;

import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.config;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DPM_SOLVER_MULTISTEP;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER_ANCESTRAL;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.FLOW_MATCH_EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.LCM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import java.io.IOException;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The expected numbers are those of diffusers' classes on 256 latents from seed 42, where the output of the model is
 * {@code 0.7 * sin(1.3 * input + timestep / 100)} and the noise of the steps continues the same stream of random numbers. The file does not name
 * that formula; it was found from the golden numbers of one step, and all others agree with it.
 */
class SchedulerGoldenTests {

    private static final int LATENTS = 256;

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void runsEqualThoseOfDiffusers(String name, SchedulerConfig config, int steps, int imageTokens) throws IOException {
        var golden = golden(name);
        var scheduler = config.schedule(steps, imageTokens);
        var random = new TorchGenerator(42);
        var latents = new float[LATENTS];
        random.normal(latents, 0, LATENTS);
        for (int k = 0; k < LATENTS; k++) {
            latents[k] *= scheduler.initialNoiseScale();
        }

        SampleSchedulers.run(
                scheduler,
                0,
                latents,
                (i, input, k) -> (float) (0.7 * Math.sin(1.3 * input + scheduler.timestep(i) / 100.0)),
                into -> random.normal(into, 0, into.length));

        for (int k = 0; k < golden.path("out").size(); k++) {
            assertThat(latents[k]).isCloseTo(golden.path("out").get(k).floatValue(), within(1e-4f));
        }
        double sum = 0;
        for (float value : latents) {
            sum += value;
        }
        assertThat(sum).isCloseTo(golden.path("sum").doubleValue(), within(1e-3));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void timestepsAndNoiseLevelsEqualThoseOfDiffusers(String name, SchedulerConfig config, int steps, int imageTokens)
            throws IOException {
        var golden = golden(name);

        var scheduler = config.schedule(steps, imageTokens);

        assertThat(scheduler.evaluations()).isEqualTo(golden.path("timesteps").size());
        for (int i = 0; i < scheduler.evaluations(); i++) {
            assertThat(scheduler.timestep(i))
                    .isCloseTo(golden.path("timesteps").get(i).floatValue(), Percentage.withPercentage(1e-4));
        }
        for (int i = 0; i < golden.path("sigmas").size(); i++) {
            assertThat(scheduler.sigma(i))
                    .isCloseTo(golden.path("sigmas").get(i).floatValue(), Percentage.withPercentage(1e-4));
        }
    }

    static Stream<Arguments> runs() {
        var trailing = new Object[] {"timestep_spacing", "trailing"};
        var karras = new Object[] {"use_karras_sigmas", true};
        return Stream.of(
                arguments("euler_sdxl", config(EULER), 30, 0),
                arguments("euler_trailing_turbo", config(EULER, trailing), 4, 0),
                arguments("euler_karras", config(EULER, karras), 20, 0),
                arguments("euler_v", config(EULER, "prediction_type", "v_prediction"), 20, 0),
                arguments("euler_a_turbo1", config(EULER_ANCESTRAL, trailing), 1, 0),
                arguments("euler_a_turbo4", config(EULER_ANCESTRAL, trailing), 4, 0),
                arguments("lcm4", config(LCM), 4, 0),
                arguments("dpmpp2m_karras", config(DPM_SOLVER_MULTISTEP, karras), 20, 0),
                arguments("dpmpp2m", config(DPM_SOLVER_MULTISTEP), 20, 0),
                arguments("sd3", config(FLOW_MATCH_EULER, "shift", 3.0), 28, 0),
                arguments("flux_dev_1024", config(FLOW_MATCH_EULER, "use_dynamic_shifting", true), 28, 4096),
                arguments("flux_schnell", config(FLOW_MATCH_EULER, "shift", 1.0), 4, 4096));
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in = SchedulerGoldenTests.class.getResourceAsStream("schedulers-golden.json")) {
            return new JsonMapper().readTree(in).path(name);
        }
    }
}
