package io.atelier.generator.engine.diffusion.scheduler;

import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.config;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.json;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.sigmas;
import static io.atelier.generator.engine.diffusion.scheduler.SampleSchedulers.timesteps;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DDIM;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.DPM_SOLVER_MULTISTEP;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.FLOW_MATCH_EULER;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.LCM;
import static io.atelier.generator.engine.diffusion.scheduler.SchedulerKind.PNDM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerConfigTests {

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    void theClassOfTheFileChoosesTheMethod(SchedulerKind kind) {
        var config = config(kind);

        assertThat(config.kind()).isEqualTo(kind);
        assertThat(config.replacedClass()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UniPCMultistepScheduler", "LMSDiscreteScheduler", "DDPMScheduler", "Anything"})
    @DisplayName("other classes are replaced by DPM++ 2M with the same noise, and the caller sees it")
    void otherClassesAreReplaced(String className) {
        var config = config(className, "solver_type", "bh2", "solver_order", 3, "algorithm_type", "other");
        var same = config(DPM_SOLVER_MULTISTEP);

        assertThat(config.kind()).isEqualTo(DPM_SOLVER_MULTISTEP);
        assertThat(config.replacedClass()).contains(className);
        assertThat(sigmas(config.schedule(7, 0))).containsExactly(sigmas(same.schedule(7, 0)));
        assertThat(timesteps(config.schedule(7, 0))).containsExactly(timesteps(same.schedule(7, 0)));
    }

    @Test
    void pndmWithRungeKuttaStepsIsReplaced() {
        var config = config(PNDM, "skip_prk_steps", false);

        assertThat(config.kind()).isEqualTo(DPM_SOLVER_MULTISTEP);
        assertThat(config.replacedClass()).contains("PNDMScheduler");
        assertThat(config(PNDM, "skip_prk_steps", null).kind()).isEqualTo(DPM_SOLVER_MULTISTEP);
    }

    @Test
    void otherClassesOfFlowMatchingAreReplacedByEuler() {
        var config = config("FlowMatchHeunDiscreteScheduler", "shift", 3.0);

        assertThat(config.kind()).isEqualTo(FLOW_MATCH_EULER);
        assertThat(config.replacedClass()).contains("FlowMatchHeunDiscreteScheduler");
    }

    @Test
    void aRequestChoosesAnotherMethodWithTheSameNoise() {
        var chosen = config("UniPCMultistepScheduler", "beta_end", 0.02).withKind(EULER);
        var same = config(EULER, "beta_end", 0.02);

        assertThat(chosen.kind()).isEqualTo(EULER);
        assertThat(chosen.replacedClass()).isEmpty();
        assertThat(sigmas(chosen.schedule(5, 0))).containsExactly(sigmas(same.schedule(5, 0)));
    }

    @Test
    @DisplayName("PNDM on request has no Runge-Kutta steps, whatever the file says")
    void pndmOnRequestHasNoRungeKuttaSteps() {
        assertThat(timesteps(
                        config(EULER, "skip_prk_steps", null).withKind(PNDM).schedule(2, 0)))
                .containsExactly(501, 1, 1);
    }

    @Test
    void aRequestChoosesTheLevelsOfKarras() {
        var plain = config(EULER);
        var karras = config(EULER, "use_karras_sigmas", true);

        assertThat(sigmas(plain.withKarrasSigmas(true).schedule(5, 0))).containsExactly(sigmas(karras.schedule(5, 0)));
        assertThat(sigmas(karras.withKarrasSigmas(false).schedule(5, 0))).containsExactly(sigmas(plain.schedule(5, 0)));
        assertThat(sigmas(plain.schedule(5, 0))).isNotEqualTo(sigmas(karras.schedule(5, 0)));
    }

    @Test
    void methodsThatTheModelDoesNotKnowAreRejected() {
        assertFails(
                () -> config(FLOW_MATCH_EULER).withKind(DDIM),
                Failure.Code.REQUEST_REJECTED,
                "The scheduler ddim does not work with this model. Allowed: flow-match-euler.");
        assertFails(
                () -> config(EULER).withKind(FLOW_MATCH_EULER),
                Failure.Code.REQUEST_REJECTED,
                "The scheduler flow-match-euler does not work with this model. Allowed: euler, euler-ancestral,"
                        + " dpmpp-2m, lcm, ddim, pndm.");
    }

    @ParameterizedTest
    @CsvSource({"LCM,0,50", "LCM,51,50", "EULER,0,1000", "EULER,1001,1000", "FLOW_MATCH_EULER,1001,1000"})
    void impossibleNumbersOfStepsAreRejected(SchedulerKind kind, int steps, int most) {
        var config = config(kind);

        assertThat(config.maxSteps()).isEqualTo(most);
        assertFails(
                () -> config.schedule(steps, 0),
                Failure.Code.REQUEST_REJECTED,
                "The scheduler %s makes 1 to %d steps with this model, but %d were requested."
                        .formatted(kind.requestName(), most, steps));
    }

    @ParameterizedTest
    @EnumSource(SchedulerKind.class)
    void everyAllowedNumberOfStepsWorks(SchedulerKind kind) {
        var config = config(kind);

        for (int steps = 1; steps <= config.maxSteps(); steps++) {
            var scheduler = config.schedule(steps, 0);
            assertThat(scheduler.evaluations()).isEqualTo(kind == PNDM && steps > 1 ? steps + 1 : steps);
            assertThat(scheduler.timestep(0)).isGreaterThanOrEqualTo(0);
            assertThat(scheduler.timestep(scheduler.evaluations() - 1)).isGreaterThanOrEqualTo(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "EulerDiscreteScheduler, use_beta_sigmas, true, has use_beta_sigmas true",
                "EulerDiscreteScheduler, use_exponential_sigmas, true, has use_exponential_sigmas true",
                "EulerDiscreteScheduler, interpolation_type, log_linear, has interpolation_type log_linear",
                "EulerDiscreteScheduler, timestep_type, continuous, has timestep_type continuous",
                "EulerDiscreteScheduler, final_sigmas_type, one, has final_sigmas_type one",
                "EulerDiscreteScheduler, beta_schedule, sigmoid, has beta_schedule sigmoid",
                "EulerDiscreteScheduler, timestep_spacing, random, has timestep_spacing random",
                "EulerDiscreteScheduler, prediction_type, flow_prediction, has prediction_type flow_prediction",
                "EulerDiscreteScheduler, steps_offset, one, has steps_offset \"one\"",
                "EulerDiscreteScheduler, use_karras_sigmas, yes, has use_karras_sigmas \"yes\"",
                "DPMSolverMultistepScheduler, use_beta_sigmas, true, has use_beta_sigmas true",
                "DPMSolverMultistepScheduler, use_exponential_sigmas, true, has use_exponential_sigmas true",
                "DPMSolverMultistepScheduler, use_lu_lambdas, true, has use_lu_lambdas true",
                "DPMSolverMultistepScheduler, use_flow_sigmas, true, has use_flow_sigmas true",
                "DPMSolverMultistepScheduler, algorithm_type, sde-dpmsolver++, has algorithm_type sde-dpmsolver++",
                "DPMSolverMultistepScheduler, solver_type, other, has solver_type other",
                "DPMSolverMultistepScheduler, variance_type, learned_range, has variance_type learned_range",
                "DPMSolverMultistepScheduler, thresholding, true, has thresholding true",
                "DDIMScheduler, thresholding, true, has thresholding true",
                "PNDMScheduler, prediction_type, sample, has prediction_type sample",
                "FlowMatchEulerDiscreteScheduler, use_beta_sigmas, true, has use_beta_sigmas true",
                "FlowMatchEulerDiscreteScheduler, stochastic_sampling, true, has stochastic_sampling true",
                "FlowMatchEulerDiscreteScheduler, invert_sigmas, true, has invert_sigmas true",
                "EDMEulerScheduler, sigma_data, 0.5, has _class_name EDMEulerScheduler"
            })
    void settingsThatAreNotSupportedAreNamedWhenTheFileIsRead(
            String className, String field, String value, String expected) {
        Object typed = value.equals("true") ? true : value;

        assertFails(
                () -> config(className, field, typed),
                Failure.Code.NOT_CONFIGURED,
                "The scheduler file scheduler_config.json " + expected + ", which is not supported; allowed: ");
    }

    @Test
    @DisplayName(
            "another scheduler is suggested only where the request's own one fails: a file whose own one fails cannot"
                    + " be used at all")
    void anotherSchedulerIsSuggestedWhereItHelps() {
        assertFails(
                () -> config("DDIMScheduler", "final_sigmas_type", "one")
                        .withKind(EULER)
                        .schedule(2, 0),
                Failure.Code.NOT_CONFIGURED,
                "allowed: zero, sigma_min. Change the file, or request another scheduler.");
        assertThatThrownBy(() -> config("EulerDiscreteScheduler", "final_sigmas_type", "one"))
                .hasMessageEndingWith("allowed: zero, sigma_min. Change the file.");
    }

    @Test
    void orderThreeAndATerminalShiftAreNotSupported() {
        assertFails(
                () -> config(DPM_SOLVER_MULTISTEP, "solver_order", 3),
                Failure.Code.NOT_CONFIGURED,
                "has solver_order 3, which is not supported; allowed: 1, 2.");
        assertFails(
                () -> config(FLOW_MATCH_EULER, "shift_terminal", 0.1),
                Failure.Code.NOT_CONFIGURED,
                "has shift_terminal 0.1, which is not supported; allowed: null.");
    }

    @Test
    @DisplayName("levels that depend on the image's size need that size")
    void dynamicLevelsNeedTheSize() {
        assertFails(
                () -> config(FLOW_MATCH_EULER, "use_dynamic_shifting", true).schedule(4, 0),
                Failure.Code.NOT_CONFIGURED,
                "has use_dynamic_shifting true");
    }

    @Test
    @DisplayName("bare words for infinite numbers are read, as Python writes them")
    void infiniteNumbersAreRead() {
        var json =
                json(DPM_SOLVER_MULTISTEP.className(), "x", 1).replace("\"x\":1", "\"lambda_min_clipped\":-Infinity");

        assertThat(timesteps(SchedulerConfig.parse(json).schedule(4, 0))).containsExactly(801, 601, 401, 201);
    }

    @Test
    @DisplayName("timesteps noisier than lambda_min_clipped are left out by DPM-Solver++")
    void timestepsAreClipped() {
        var clipped = config(DPM_SOLVER_MULTISTEP, "lambda_min_clipped", -2.0, "timestep_spacing", "linspace");
        var scheduler = clipped.schedule(4, 0);

        assertThat(scheduler.timestep(0)).isLessThan(999);
        assertThat(-Math.log(scheduler.sigma(0))).isBetween(-2.0, -1.98);
    }

    @Test
    void brokenFilesAreNamed(@TempDir Path folder) throws IOException {
        var file = folder.resolve("scheduler_config.json");
        assertFails(
                () -> SchedulerConfig.read(file),
                Failure.Code.NOT_CONFIGURED,
                "The scheduler file %s cannot be used: it is missing.".formatted(file));

        Files.writeString(file, "{\"_class_name\": ");
        assertFails(
                () -> SchedulerConfig.read(file),
                Failure.Code.NOT_CONFIGURED,
                "The scheduler file %s is not valid JSON: ".formatted(file));

        Files.writeString(file, "[]");
        assertFails(
                () -> SchedulerConfig.read(file),
                Failure.Code.NOT_CONFIGURED,
                "The scheduler file %s must hold a JSON object.".formatted(file));

        Files.writeString(file, "{}");
        assertFails(() -> SchedulerConfig.read(file), Failure.Code.NOT_CONFIGURED, "has no _class_name");
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void fileThatCannotBeReadNowIsNoDamage() {
        assertFails(
                () -> SchedulerConfig.read(Path.of("/proc/self/mem")),
                Failure.Code.ENGINE_UNAVAILABLE,
                "The scheduler file /proc/self/mem cannot be read now: Input/output error.");
    }

    @Test
    void filesAreRead(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("scheduler_config.json"), json(LCM.className()));

        assertThat(SchedulerConfig.read(file).kind()).isEqualTo(LCM);
    }

    @Test
    void kindsHaveTheNamesOfRequests() {
        assertThat(SchedulerKind.named("dpmpp-2m")).contains(DPM_SOLVER_MULTISTEP);
        assertThat(SchedulerKind.named("DPMPP-2M")).isEmpty();
    }

    private static void assertFails(ThrowingCallable call, Failure.Code code, String message) {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(call)
                .satisfies(failed -> assertThat(failed.failure().code()).isEqualTo(code))
                .satisfies(failed -> assertThat(failed.failure().message()).contains(message));
    }
}
