package io.atelier.generator.engine.diffusion.scheduler;

import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.scheduler;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.sigmas;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.timesteps;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DDIM;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DPM_SOLVER_MULTISTEP;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER_ANCESTRAL;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.FLOW_MATCH_EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.LCM;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.PNDM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Timesteps and noise levels of each kind, with stable diffusion's training of 1000 timesteps. */
class TimestepTests {

    @ParameterizedTest
    @MethodSource("spacings")
    void timestepsAreSpacedAsTheFileSays(SchedulerKind kind, String spacing, float[] expected) {
        assertThat(timesteps(scheduler(kind, 4, "timestep_spacing", spacing))).containsExactly(expected, within(1e-4f));
    }

    static Stream<Arguments> spacings() {
        return Stream.of(
                arguments(EULER, "leading", new float[] {751, 501, 251, 1}),
                arguments(EULER, "trailing", new float[] {999, 749, 499, 249}),
                arguments(EULER, "linspace", new float[] {999, 666, 333, 0}),
                arguments(EULER_ANCESTRAL, "leading", new float[] {751, 501, 251, 1}),
                arguments(EULER_ANCESTRAL, "trailing", new float[] {999, 749, 499, 249}),
                arguments(DDIM, "leading", new float[] {751, 501, 251, 1}),
                arguments(DDIM, "trailing", new float[] {999, 749, 499, 249}),
                arguments(DDIM, "linspace", new float[] {999, 666, 333, 0}),
                arguments(PNDM, "leading", new float[] {751, 501, 501, 251, 1}),
                arguments(PNDM, "trailing", new float[] {999, 749, 749, 499, 249}),
                // DPM-Solver++ divides by the number of steps plus one and leaves the last out.
                arguments(DPM_SOLVER_MULTISTEP, "leading", new float[] {801, 601, 401, 201}),
                arguments(DPM_SOLVER_MULTISTEP, "trailing", new float[] {999, 749, 499, 249}),
                arguments(DPM_SOLVER_MULTISTEP, "linspace", new float[] {999, 749, 500, 250}));
    }

    @Test
    @DisplayName("even timesteps have fractions with Euler's method and are rounded with DDIM")
    void linspaceIsRoundedWhereDiffusersRounds() {
        var euler = timesteps(scheduler(EULER, 3, "timestep_spacing", "linspace"));
        var ddim = timesteps(scheduler(DDIM, 3, "timestep_spacing", "linspace"));

        assertThat(euler).containsExactly(new float[] {999, 499.5f, 0}, within(1e-4f));
        assertThat(ddim).containsExactly(999, 500, 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"EULER", "EULER_ANCESTRAL", "DDIM", "PNDM", "DPM_SOLVER_MULTISTEP"})
    void theOffsetIsAddedToLeadingTimestepsOnly(SchedulerKind kind) {
        var without = timesteps(scheduler(kind, 5, "steps_offset", 0));
        var with = timesteps(scheduler(kind, 5, "steps_offset", 3));
        for (int i = 0; i < with.length; i++) {
            assertThat(with[i]).isEqualTo(without[i] + 3);
        }

        assertThat(timesteps(scheduler(kind, 5, "timestep_spacing", "trailing", "steps_offset", 3)))
                .containsExactly(timesteps(scheduler(kind, 5, "timestep_spacing", "trailing", "steps_offset", 0)));
    }

    @Test
    @DisplayName(
            "the default spacing is that of the class: linspace with Euler and DPM-Solver++, leading with DDIM and PNDM")
    void classesHaveTheirOwnDefaults() {
        assertThat(timesteps(bare(EULER))).containsExactly(new float[] {999, 666, 333, 0}, within(1e-4f));
        assertThat(timesteps(bare(EULER_ANCESTRAL))).containsExactly(new float[] {999, 666, 333, 0}, within(1e-4f));
        assertThat(timesteps(bare(DPM_SOLVER_MULTISTEP))).containsExactly(999, 749, 500, 250);
        assertThat(timesteps(bare(DDIM))).containsExactly(750, 500, 250, 0);
        assertThat(timesteps(bare(PNDM))).containsExactly(750, 500, 500, 250, 0);
    }

    private static Scheduler bare(SchedulerKind kind) {
        return scheduler(kind, 4, "timestep_spacing", null, "steps_offset", null);
    }

    @Test
    @DisplayName(
            "Karras' levels span those of the selected timesteps with Euler, of the whole training with DPM-Solver++")
    void karrasSpansWhatDiffusersSpans() {
        var plain = sigmas(scheduler(EULER, 5));
        var euler = scheduler(EULER, 5, "use_karras_sigmas", true);
        var solver = scheduler(DPM_SOLVER_MULTISTEP, 5, "use_karras_sigmas", true);

        assertThat(sigmas(euler)[0]).isCloseTo(plain[0], within(1e-5f));
        assertThat(sigmas(euler)[4]).isCloseTo(plain[4], within(1e-5f));
        assertThat(sigmas(solver)[0]).isCloseTo(14.614647f, within(1e-4f));
        assertThat(sigmas(solver)[4]).isCloseTo(0.029167533f, within(1e-6f));
        assertThat(timesteps(euler)[1]).isCloseTo(565.8302f, within(1e-2f));
        assertThat(timesteps(solver)).containsExactly(999, 786, 427, 59, 0);
    }

    @Test
    void karrasWithOneStepIsTheHighestLevel() {
        assertThat(sigmas(scheduler(DPM_SOLVER_MULTISTEP, 1, "use_karras_sigmas", true))[0])
                .isCloseTo(14.614647f, within(1e-4f));
        assertThat(sigmas(scheduler(EULER, 1, "use_karras_sigmas", true, "timestep_spacing", "trailing"))[0])
                .isCloseTo(14.614647f, within(1e-4f));
    }

    @Test
    @DisplayName("Karras' levels are between sigma_min and sigma_max of the file")
    void karrasHasTheBoundsOfTheFile() {
        var sigmas = sigmas(scheduler(EULER, 4, "use_karras_sigmas", true, "sigma_min", 0.1, "sigma_max", 9.0));

        assertThat(sigmas[0]).isCloseTo(9, within(1e-5f));
        assertThat(sigmas[3]).isCloseTo(0.1f, within(1e-6f));
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"EULER", "DPM_SOLVER_MULTISTEP"})
    void theLastLevelIsZeroOrTheLowestOfTheTraining(SchedulerKind kind) {
        assertThat(sigmas(scheduler(kind, 4))[4]).isZero();
        assertThat(sigmas(scheduler(kind, 4, "final_sigmas_type", "sigma_min"))[4])
                .isCloseTo(0.029167533f, within(1e-6f));
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"EULER", "EULER_ANCESTRAL"})
    @DisplayName("the first noise is larger by the variance of images if the timesteps are leading")
    void theFirstNoiseDependsOnTheSpacing(SchedulerKind kind) {
        var leading = scheduler(kind, 4);
        var trailing = scheduler(kind, 4, "timestep_spacing", "trailing");

        assertThat(leading.initialNoiseScale()).isCloseTo((float) Math.hypot(leading.sigma(0), 1), within(1e-5f));
        assertThat(trailing.initialNoiseScale()).isEqualTo(trailing.sigma(0));
    }

    @ParameterizedTest
    @EnumSource(
            value = SchedulerKind.class,
            names = {"DPM_SOLVER_MULTISTEP", "LCM", "DDIM", "PNDM", "FLOW_MATCH_EULER"})
    void otherKindsStartWithStandardNormalNoise(SchedulerKind kind) {
        assertThat(scheduler(kind, 4).initialNoiseScale()).isEqualTo(1);
    }

    @Test
    @DisplayName("without signal at the end the highest level is finite, as diffusers' 2^-24 gives")
    void noiseWithoutSignalIsFinite() {
        for (var kind : new SchedulerKind[] {EULER, EULER_ANCESTRAL, DPM_SOLVER_MULTISTEP}) {
            var sigmas = sigmas(scheduler(kind, 2, "rescale_betas_zero_snr", true, "timestep_spacing", "trailing"));
            assertThat(sigmas[0]).isCloseTo(4096, within(0.01f));
        }
    }

    @Test
    void pndmEvaluatesTheSecondTimestepTwice() {
        assertThat(timesteps(scheduler(PNDM, 1))).containsExactly(1);
        assertThat(timesteps(scheduler(PNDM, 2))).containsExactly(501, 1, 1);
    }

    @Test
    @DisplayName("LCM takes its timesteps from those of the distillation")
    void lcmUsesDistilledTimesteps() {
        assertThat(timesteps(scheduler(LCM, 4))).containsExactly(999, 759, 499, 259);
        assertThat(timesteps(scheduler(LCM, 3))).containsExactly(999, 679, 339);
        assertThat(timesteps(scheduler(LCM, 4, "original_inference_steps", 100)))
                .containsExactly(999, 749, 499, 249);
    }

    @Test
    @DisplayName("the fixed factor moves the lowest level of SD 3 twice and the levels of FLUX once")
    void theFixedFactorIsAppliedAsInDiffusers() {
        var config = SampleSchedulers.config(FLOW_MATCH_EULER, "shift", 3.0);
        double lowest = moved(0.001);

        assertThat(config.schedule(4, 0).sigma(3)).isCloseTo((float) moved(lowest), within(1e-6f));
        assertThat(config.schedule(4, 256).sigma(3)).isCloseTo((float) moved(0.25), within(1e-6f));
        assertThat(config.schedule(1, 0).sigma(0)).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "larger images move the levels of FLUX further towards noise, by exp(0.5) at 256 and exp(1.15) at 4096 tokens")
    void theDynamicFactorGrowsWithTheImage() {
        var config = SampleSchedulers.config(FLOW_MATCH_EULER, "use_dynamic_shifting", true);

        assertThat(config.schedule(2, 256).sigma(1)).isCloseTo(middle(Math.exp(0.5)), within(1e-6f));
        assertThat(config.schedule(2, 4096).sigma(1)).isCloseTo(middle(Math.exp(1.15)), within(1e-6f));
        assertThat(SampleSchedulers.config(FLOW_MATCH_EULER, "use_dynamic_shifting", true, "time_shift_type", "linear")
                        .schedule(2, 4096)
                        .sigma(1))
                .isCloseTo(middle(1.15), within(1e-6f));
    }

    @Test
    void flowTimestepsAreLevelsTimesThousand() {
        var scheduler = SampleSchedulers.config(FLOW_MATCH_EULER).schedule(4, 256);

        assertThat(timesteps(scheduler)).containsExactly(1000, 750, 500, 250);
        assertThat(sigmas(scheduler)).containsExactly(1, 0.75f, 0.5f, 0.25f, 0);
    }

    private static double moved(double sigma) {
        return 3 * sigma / (1 + 2 * sigma);
    }

    /** Level 0.5 after it is moved. */
    private static float middle(double factor) {
        return (float) (factor / (factor + 1));
    }
}
