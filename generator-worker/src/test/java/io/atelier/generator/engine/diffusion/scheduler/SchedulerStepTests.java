package io.atelier.generator.engine.diffusion.scheduler;

import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.NO_NOISE;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.config;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.run;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.scheduler;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DDIM;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DPM_SOLVER_MULTISTEP;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER_ANCESTRAL;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.FLOW_MATCH_EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.LCM;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.PNDM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.atelier.generator.engine.diffusion.noise.TorchGenerator;
import io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.Model;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of each kind, against formulas and against each other; the goldens of diffusers are in {@link SchedulerGoldenTests}. */
class SchedulerStepTests {

    private static final float[] IMAGE = {0.9f, -0.4f, 0.1f, 0, 1.2f, -1.1f};

    private static final float[] NOISE = {-0.3f, 1.7f, 0.6f, -2.1f, 0.2f, 0.05f};

    @ParameterizedTest(name = "{0} {1} from evaluation {2}")
    @MethodSource("perfectRuns")
    @DisplayName("a model that predicts without error leads from any level of noise back to the image")
    void aPerfectModelGivesTheImage(SchedulerKind kind, String prediction, int first) {
        var scheduler = config(kind, "prediction_type", prediction, "set_alpha_to_one", true)
                .schedule(5, 0);
        var latents = new float[IMAGE.length];
        scheduler.addNoise(first, IMAGE, NOISE, latents);
        var random = new TorchGenerator(1);

        run(
                scheduler,
                first,
                latents,
                perfect(scheduler, kind, prediction),
                into -> random.normal(into, 0, into.length));

        assertThat(latents).containsExactly(IMAGE, within(2e-4f));
    }

    @ParameterizedTest(name = "{0} {1} at evaluation {2}")
    @MethodSource("perfectRuns")
    @DisplayName("the image that is predicted is that of a model without error, at any level of noise")
    void thePredictedImageOfAPerfectModelIsTheImage(SchedulerKind kind, String prediction, int first) {
        var scheduler = config(kind, "prediction_type", prediction).schedule(5, 0);
        var latents = new float[IMAGE.length];
        var input = new float[IMAGE.length];
        var output = new float[IMAGE.length];
        var image = new float[IMAGE.length];
        scheduler.addNoise(first, IMAGE, NOISE, latents);
        var before = latents.clone();
        scheduler.scaleInput(first, latents, input);
        for (int k = 0; k < output.length; k++) {
            output[k] = perfect(scheduler, kind, prediction).output(first, input[k], k);
        }

        scheduler.predictImage(first, output, latents, image);

        assertThat(image).containsExactly(IMAGE, within(2e-4f));
        assertThat(latents).containsExactly(before);
    }

    static Stream<Object[]> perfectRuns() {
        var runs = new ArrayList<Object[]>();
        for (var kind : SchedulerKind.values()) {
            var predictions = switch (kind) {
                case FLOW_MATCH_EULER -> List.of("epsilon");
                case PNDM -> List.of("epsilon");
                default -> List.of("epsilon", "v_prediction", "sample");
            };
            for (var prediction : predictions) {
                runs.add(new Object[] {kind, prediction, 0});
                if (kind != PNDM) {
                    runs.add(new Object[] {kind, prediction, 2});
                }
            }
        }
        return runs.stream();
    }

    /** Knows the image; the input is {@code signal * image + level * noise}. */
    private static Model perfect(Scheduler scheduler, SchedulerKind kind, String prediction) {
        return (i, input, k) -> {
            var parts = parts(scheduler, kind, i);
            double noise = (input - parts[0] * IMAGE[k]) / parts[1];
            if (kind == FLOW_MATCH_EULER) {
                return (float) (noise - IMAGE[k]);
            }
            return (float)
                    switch (prediction) {
                        case "epsilon" -> noise;
                        case "v_prediction" -> parts[0] * noise - parts[1] * IMAGE[k];
                        default -> IMAGE[k];
                    };
        };
    }

    /** Signal and noise in the input of the model, from what addNoise makes of 1 and 0. */
    private static double[] parts(Scheduler scheduler, SchedulerKind kind, int i) {
        var one = new float[] {1, 0};
        var other = new float[] {0, 1};
        var mixed = new float[2];
        scheduler.addNoise(i, one, other, mixed);
        double divisor = kind == EULER || kind == EULER_ANCESTRAL ? Math.hypot(scheduler.sigma(i), 1) : 1;
        return new double[] {mixed[0] / divisor, mixed[1] / divisor};
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"EULER", "EULER_ANCESTRAL"})
    void eulerAddsNoiseByItsLevelAndScalesTheInput(SchedulerKind kind) {
        var scheduler = scheduler(kind, 4);
        var latents = new float[IMAGE.length];
        var input = new float[IMAGE.length];

        scheduler.addNoise(2, IMAGE, NOISE, latents);
        scheduler.scaleInput(2, latents, input);

        // Timestep 251 has the level 0.69839859.
        for (int k = 0; k < latents.length; k++) {
            assertThat(latents[k]).isCloseTo(IMAGE[k] + 0.6983986f * NOISE[k], within(1e-6f));
            assertThat(input[k]).isCloseTo((float) (latents[k] / Math.hypot(0.69839859, 1)), within(1e-6f));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"DDIM", "PNDM", "DPM_SOLVER_MULTISTEP"})
    @DisplayName("the others keep the variance: sqrt(a) of the image and sqrt(1 - a) of the noise")
    void othersAddNoiseAndKeepTheVariance(SchedulerKind kind) {
        // DPM-Solver++ takes the first of two leading timesteps.
        var scheduler = kind == DPM_SOLVER_MULTISTEP ? scheduler(kind, 1) : scheduler(kind, 2);
        assertThat(scheduler.timestep(0)).isEqualTo(501);
        var latents = new float[IMAGE.length];

        scheduler.addNoise(0, IMAGE, NOISE, latents);

        double level = 1.62369299;
        double signal = 1 / Math.hypot(level, 1);
        for (int k = 0; k < latents.length; k++) {
            assertThat(latents[k]).isCloseTo((float) (signal * (IMAGE[k] + level * NOISE[k])), within(1e-6f));
        }
    }

    @Test
    void lcmAddsNoiseAndKeepsTheVariance() {
        var scheduler = scheduler(LCM, 2);
        var latents = new float[IMAGE.length];

        scheduler.addNoise(1, IMAGE, NOISE, latents);

        // Timestep 499 has the level 1.61288702.
        double signal = 1 / Math.hypot(1.61288702, 1);
        for (int k = 0; k < latents.length; k++) {
            assertThat(latents[k]).isCloseTo((float) (signal * (IMAGE[k] + 1.61288702 * NOISE[k])), within(1e-6f));
        }
    }

    @Test
    void flowMatchingMixesImageAndNoise() {
        var scheduler = config(FLOW_MATCH_EULER).schedule(4, 256);
        var latents = new float[IMAGE.length];

        scheduler.addNoise(1, IMAGE, NOISE, latents);

        for (int k = 0; k < latents.length; k++) {
            assertThat(latents[k]).isCloseTo(0.25f * IMAGE[k] + 0.75f * NOISE[k], within(1e-6f));
        }
    }

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    void noiseIsDrawnOnceInEachStepButTheLastWhereTheMethodAddsNoise(SchedulerKind kind) {
        var scheduler = scheduler(kind, 4);
        var drawn = new ArrayList<Integer>();

        run(scheduler, 0, IMAGE.clone(), (i, input, k) -> 0.1f * input, into -> drawn.add(into.length));

        int draws = kind == EULER_ANCESTRAL || kind == LCM ? 3 : 0;
        assertThat(drawn).hasSize(draws).allMatch(length -> length == IMAGE.length);
    }

    @Test
    @DisplayName("the ancestral step goes below the next level and adds noise up to it")
    void ancestralNoiseReachesTheNextLevel() {
        var scheduler = scheduler(EULER_ANCESTRAL, 4);
        var latents = new float[] {scheduler.sigma(0)};

        // The image is 0 and the noise 1, so the latents become the level below; then the noise 1 is added.
        scheduler.step(0, new float[] {1}, latents, into -> into[0] = 0);
        double down = latents[0];
        latents[0] = scheduler.sigma(0);
        scheduler.step(0, new float[] {1}, latents, into -> into[0] = 1);
        double up = latents[0] - down;

        assertThat(up).isPositive();
        assertThat(Math.hypot(down, up)).isCloseTo(scheduler.sigma(1), within(1e-5));
        double ratio = scheduler.sigma(1) / scheduler.sigma(0);
        assertThat(up).isCloseTo(scheduler.sigma(1) * Math.sqrt(1 - ratio * ratio), within(1e-5));
    }

    @Test
    @DisplayName("PNDM steps like DDIM with a weighted sum of the outputs of up to four evaluations")
    void pndmCombinesOutputs() {
        var pndm = scheduler(PNDM, 5);
        var ddim = scheduler(DDIM, 5, "set_alpha_to_one", false);
        float[] e = {0.5f, -0.25f, 0.75f, 1.5f, -1, 0.125f};
        float[] combined = {
            (e[0] + e[1]) / 2,
            (3 * e[2] - e[0]) / 2,
            (23 * e[3] - 16 * e[2] + 5 * e[0]) / 12,
            (55 * e[4] - 59 * e[3] + 37 * e[2] - 9 * e[0]) / 24,
            (55 * e[5] - 59 * e[4] + 37 * e[3] - 9 * e[2]) / 24
        };
        var latents = new float[] {0.8f};
        var expected = new float[] {0.8f};

        pndm.step(0, new float[] {e[0]}, latents, NO_NOISE);
        for (int i = 0; i < combined.length; i++) {
            pndm.step(i + 1, new float[] {e[i + 1]}, latents, NO_NOISE);
            ddim.step(i, new float[] {combined[i]}, expected, NO_NOISE);
            assertThat(latents).containsExactly(expected, within(2e-6f));
        }
    }

    @Test
    void pndmConvertsVelocitiesLikeDdim() {
        var latents = IMAGE.clone();
        var expected = IMAGE.clone();

        scheduler(PNDM, 5, "prediction_type", "v_prediction").step(0, NOISE, latents, NO_NOISE);
        scheduler(DDIM, 5, "prediction_type", "v_prediction").step(0, NOISE, expected, NO_NOISE);

        assertThat(latents).containsExactly(expected, within(2e-6f));
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"DDIM", "PNDM"})
    @DisplayName("the last step ends at timestep 0 of the training, or without noise if set_alpha_to_one")
    void theLastStepEndsWithOrWithoutNoise(SchedulerKind kind) {
        float zero = lastLatents(kind, true);
        float lowest = lastLatents(kind, false);
        float missing = lastLatents(kind, null);

        // The model says that the latents are nothing but noise of 1; the part that is left is that of the lowest
        // level.
        assertThat(zero).isCloseTo(0, within(1e-6f));
        assertThat(lowest).isCloseTo((float) Math.sqrt(0.00085), within(1e-5f));
        assertThat(missing).isEqualTo(kind == DDIM ? zero : lowest);
    }

    private static float lastLatents(SchedulerKind kind, @Nullable Boolean alphaToOne) {
        var scheduler = scheduler(kind, 1, "set_alpha_to_one", alphaToOne);
        var latents = new float[] {0};
        scheduler.addNoise(0, latents, new float[] {1}, latents);
        scheduler.step(0, new float[] {1}, latents, NO_NOISE);
        return latents[0];
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"DDIM", "LCM"})
    void thePredictedImageIsClippedIfTheFileSaysSo(SchedulerKind kind) {
        assertThat(oneStep(kind, "clip_sample", false)).isCloseTo(3, within(1e-3f));
        assertThat(oneStep(kind, "clip_sample", true)).isCloseTo(1, within(1e-3f));
        assertThat(oneStep(kind, "clip_sample", true, "clip_sample_range", 2.0)).isCloseTo(2, within(1e-3f));
        assertThat(oneStep(kind, "clip_sample", null)).isCloseTo(kind == DDIM ? 1 : 3, within(1e-3f));
    }

    private static float oneStep(SchedulerKind kind, @Nullable Object... fields) {
        var all = Stream.concat(Stream.of(fields), Stream.of("prediction_type", "sample", "set_alpha_to_one", true));
        var latents = new float[] {0.5f};
        scheduler(kind, 1, all.toArray()).step(0, new float[] {3}, latents, NO_NOISE);
        return latents[0];
    }

    @Test
    @DisplayName("DPM-Solver++ ends with first order if it has fewer than 15 steps or ends without noise")
    void theLastStepOfFewIsOfFirstOrder() {
        assertThat(dpmLatents(14, "sigma_min", false)).isEqualTo(dpmLatents(14, "sigma_min", true));
        assertThat(dpmLatents(15, "sigma_min", false)).isNotEqualTo(dpmLatents(15, "sigma_min", true));
        assertThat(dpmLatents(15, "zero", false)).isEqualTo(dpmLatents(15, "zero", true));
    }

    private static float dpmLatents(int steps, String last, boolean eulerAtFinal) {
        var scheduler =
                scheduler(DPM_SOLVER_MULTISTEP, steps, "final_sigmas_type", last, "euler_at_final", eulerAtFinal);
        var latents = new float[] {1};
        run(scheduler, 0, latents, (i, input, k) -> (float) Math.sin(3 * input + i), NO_NOISE);
        return latents[0];
    }

    @Test
    @DisplayName("DPM-Solver++ of order 1 is DDIM over the same noise levels")
    void dpmSolverOfFirstOrderIsDdim() {
        var solver = scheduler(DPM_SOLVER_MULTISTEP, 4, "solver_order", 1, "timestep_spacing", "trailing");
        var ddim = scheduler(DDIM, 4, "timestep_spacing", "trailing", "set_alpha_to_one", true);
        var latents = IMAGE.clone();
        var expected = IMAGE.clone();
        Model model = (i, input, k) -> (float) Math.sin(3 * input + i);

        run(solver, 0, latents, model, NO_NOISE);
        run(ddim, 0, expected, model, NO_NOISE);

        assertThat(latents).containsExactly(expected, within(1e-4f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"midpoint", "heun"})
    @DisplayName("twice the steps leave half the error of first order and a quarter of that of second order")
    void dpmSolverConvergesByItsOrder(String solver) {
        float exact = dpmWithOrder(2, solver, 1000);

        float first = (dpmWithOrder(1, solver, 30) - exact) / (dpmWithOrder(1, solver, 60) - exact);
        float second = (dpmWithOrder(2, solver, 30) - exact) / (dpmWithOrder(2, solver, 60) - exact);

        assertThat(first).isBetween(1.8f, 2.2f);
        assertThat(second).isBetween(3.4f, 5f);
    }

    private static float dpmWithOrder(int order, String solver, int steps) {
        var scheduler = scheduler(
                DPM_SOLVER_MULTISTEP,
                steps,
                "solver_order",
                order,
                "solver_type",
                solver,
                "use_karras_sigmas",
                true,
                "final_sigmas_type",
                "sigma_min");
        var latents = new float[] {0.7f};
        run(scheduler, 0, latents, (i, input, k) -> (float) Math.tanh(2 * input), NO_NOISE);
        return latents[0];
    }

    @Test
    @DisplayName("image-to-image from a later evaluation begins with first order, as the first step of a run")
    void laterStartsBeginWithFirstOrder() {
        var second = scheduler(DPM_SOLVER_MULTISTEP, 6);
        var first = scheduler(DPM_SOLVER_MULTISTEP, 6, "solver_order", 1);
        var latents = IMAGE.clone();
        var expected = IMAGE.clone();

        second.step(3, NOISE, latents, NO_NOISE);
        first.step(3, NOISE, expected, NO_NOISE);

        assertThat(latents).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    void theOutputOfTheModelIsNotChanged(SchedulerKind kind) {
        var scheduler = scheduler(kind, 6);
        var output = NOISE.clone();
        var latents = IMAGE.clone();

        for (int i = 0; i < scheduler.evaluations(); i++) {
            scheduler.step(i, output, latents, into -> into[0] = 1);
        }

        assertThat(output).containsExactly(NOISE);
    }

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    @DisplayName("from the fifth step on no array is created: a step of 4 MiB of latents allocates less than 64 KiB")
    void stepsReuseTheirArrays(SchedulerKind kind) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var scheduler = scheduler(kind, 8);
        var latents = new float[1 << 20];
        var output = new float[1 << 20];
        NoiseSource none = into -> {};
        for (int i = 0; i < 5; i++) {
            scheduler.step(i, output, latents, none);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 5; i < scheduler.evaluations(); i++) {
            scheduler.scaleInput(i, latents, output);
            scheduler.step(i, output, latents, none);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(64 * 1024);
    }
}
