package io.atelier.gateway.api.submission;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.gateway.SampleModels;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionControlTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private static final Catalogue CATALOGUE = new Catalogue("pocket", List.of(SampleModels.pocket()));

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final WorkerRegistry workers = new WorkerRegistry(clock);

    @Test
    void engineThatAWorkerHasOrHadIsAdmitted() {
        workers.catchUp(0, 0);
        var admission = admission(Duration.ZERO);

        workers.put(SampleWorkers.ready("w", "default", "pocket"), NOW);
        assertThatCode(() -> admission.check(request("pocket"))).doesNotThrowAnyException();
        workers.put(SampleWorkers.leaving("w", "default", "pocket"), NOW);
        assertThatCode(() -> admission.check(request("pocket"))).doesNotThrowAnyException();
    }

    @Test
    void engineThatNoWorkerOfThePoolEverHadIsRefused() {
        workers.catchUp(0, 0);
        workers.put(SampleWorkers.ready("w", "other", "pocket"), NOW);

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> admission(Duration.ZERO).check(request("pocket")))
                .withMessageContaining("no-capable-worker");
    }

    @DisplayName("A model whose engine lacks a setting is refused, and the answer names the setting")
    @Test
    void engineThatLacksASettingEverywhereIsRefused() {
        workers.catchUp(0, 0);
        workers.put(
                SampleWorkers.withState(
                        "w", "other", new EngineState("pocket", EngineState.NOT_CONFIGURED, "Set POCKET_KEY.")),
                NOW);

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> admission(Duration.ofHours(1)).check(request("pocket")))
                .withMessageContaining("not-configured")
                .withMessageContaining("Set POCKET_KEY.");

        workers.put(SampleWorkers.ready("w2", "default", "pocket"), NOW);
        assertThatCode(() -> admission(Duration.ZERO).check(request("pocket"))).doesNotThrowAnyException();
    }

    @Test
    void failingEngineIsAdmitted() {
        workers.catchUp(0, 0);
        workers.put(
                SampleWorkers.withState("w", "default", new EngineState("pocket", EngineState.FAILING, "It fails.")),
                NOW);

        assertThatCode(() -> admission(Duration.ZERO).check(request("pocket"))).doesNotThrowAnyException();
    }

    @Test
    void everyEngineIsAdmittedDuringTheGracePeriod() {
        workers.catchUp(0, 0);

        assertThatCode(() -> admission(Duration.ofSeconds(1)).check(request("pocket")))
                .doesNotThrowAnyException();
    }

    @Test
    void everyEngineIsAdmittedUntilTheRegistryHasCaughtUp() {
        var admission = admission(Duration.ZERO);
        assertThatCode(() -> admission.check(request("pocket"))).doesNotThrowAnyException();

        workers.catchUp(0, 1);
        assertThatCode(() -> admission.check(request("pocket"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"PROMPT, generator", "BASE, openai", "GRID, openai", "SPLIT, splitter", "PUBLISH, splitter"})
    void stepOfAnAvatarNeedsItsOwnWorker(AvatarStep step, String missing) {
        workers.catchUp(0, 0);
        var admission = admission(Duration.ZERO);
        if (missing.equals("splitter")) {
            workers.put(SampleWorkers.ready("w", "remote", "openai"), NOW);
        } else if (missing.equals("generator")) {
            workers.put(SampleWorkers.splitter("s"), NOW);
        } else {
            workers.put(SampleWorkers.ready("w", "remote", "comfyui"), NOW);
            workers.put(SampleWorkers.splitter("s"), NOW);
        }

        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> admission.check(avatar(step, null)))
                .withMessageContaining("no-capable-worker")
                .withMessageContaining(missing);
        workers.put(SampleWorkers.ready("w", "remote", "openai"), NOW);
        workers.put(SampleWorkers.splitter("s"), NOW);
        assertThatCode(() -> admission.check(avatar(step, null))).doesNotThrowAnyException();
    }

    @Test
    void gridsOfAnotherModelNeedTheEngineOfThat() {
        workers.catchUp(0, 0);
        workers.put(SampleWorkers.ready("w", "default", "test-card"), NOW);
        var cards = new Fallback("test-card", null, "test-card", "default", null, null, null);

        assertThatCode(() -> admission(Duration.ZERO).check(avatar(AvatarStep.GRID, cards)))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> admission(Duration.ZERO).check(avatar(AvatarStep.BASE, cards)))
                .withMessageContaining("'openai'");
    }

    private static GenerationRequest avatar(AvatarStep step, @Nullable Fallback gridModel) {
        return request("openai").toBuilder()
                .pool("remote")
                .avatar(AvatarSpec.builder(List.of(step), 1)
                        .gridModel(gridModel)
                        .build())
                .build();
    }

    private AdmissionControl admission(Duration grace) {
        return new AdmissionControl(workers, CATALOGUE, new AdmissionProperties(grace), clock);
    }

    private static GenerationRequest request(String model) {
        return JobsWithoutTimeInId.at(NOW, JobStatus.QUEUED, model, Map.of()).request();
    }
}
