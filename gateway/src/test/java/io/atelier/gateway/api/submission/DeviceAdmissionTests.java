package io.atelier.gateway.api.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.gateway.SampleModels;
import io.atelier.gateway.SampleWorkers;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.workers.WorkerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DeviceAdmissionTests {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final WorkerRegistry workers = new WorkerRegistry(clock);
    private final AdmissionControl admission = new AdmissionControl(
            workers,
            new Catalogue("pocket", List.of(SampleModels.pocket())),
            new AdmissionProperties(Duration.ZERO),
            clock);

    @Test
    void deviceThatAWorkerAnnouncesIsAdmitted() {
        workers.catchUp(0, 0);
        workers.put(SampleWorkers.onDevices("w", "default", List.of("pocket"), "gpu", "gpu.1", "cpu"), NOW);

        for (var device : List.of("cpu", "gpu", "gpu.0", "gpu.1")) {
            assertThatCode(() -> admission.check(request(device))).doesNotThrowAnyException();
        }
        assertThat(refusal("gpu.2").detail()).contains("on the device 'gpu.2'");
    }

    @DisplayName("A worker of an older version has a device, but never leases tasks that require it")
    @Test
    void deviceThatNoWorkerLeasesTasksForIsRefused() {
        workers.catchUp(0, 0);
        workers.put(SampleWorkers.ready("old", "default", "pocket"), NOW);
        workers.put(SampleWorkers.onDevices("other", "other", List.of("pocket"), "gpu"), NOW);
        workers.put(SampleWorkers.onDevices("w", "default", List.of("pocket"), "cpu"), NOW);

        var refusal = refusal("gpu");

        assertThat(refusal.kind()).isEqualTo(ProblemKind.NO_CAPABLE_WORKER);
        assertThat(refusal.detail())
                .isEqualTo("No worker of the pool 'default' has ever run the engine 'pocket' on the device 'gpu'. Start"
                        + " one, or leave out routing.require.device.");
    }

    @DisplayName("A task for the second card could reach a worker that has only one, so that such workers need pools of"
            + " their own")
    @Test
    void numberedDeviceOfAMixedPoolIsRefused() {
        workers.catchUp(0, 0);
        workers.put(SampleWorkers.onDevices("two-cards", "default", List.of("pocket"), "gpu", "gpu.1"), NOW);
        assertThatCode(() -> admission.check(request("gpu.1"))).doesNotThrowAnyException();

        workers.put(SampleWorkers.onDevices("one-card", "default", List.of("pocket"), "gpu"), NOW);

        assertThat(refusal("gpu.1").detail()).contains("pools of their own", "or require 'gpu'");
        assertThatCode(() -> admission.check(request("gpu"))).doesNotThrowAnyException();
    }

    @Test
    void fallbackNeedsTheDeviceToo() {
        workers.catchUp(0, 0);
        workers.put(SampleWorkers.onDevices("w", "default", List.of("pocket"), "gpu"), NOW);
        workers.put(SampleWorkers.ready("remote", "remote", "openai"), NOW);
        var fallback = new Fallback("gpt-image", null, "openai", "remote", null, null, null);

        var refusal = catchThrowableOfType(Problem.class, () -> admission.check(request("gpu", List.of(fallback))));

        assertThat(refusal.detail()).contains("pool 'remote'", "engine 'openai'");
    }

    private Problem refusal(String device) {
        return catchThrowableOfType(Problem.class, () -> admission.check(request(device)));
    }

    private static GenerationRequest request(String device) {
        return request(device, List.of());
    }

    private static GenerationRequest request(String device, List<Fallback> fallbacks) {
        return JobsWithoutTimeInId.at(NOW, JobStatus.QUEUED, "pocket", Map.of()).request().toBuilder()
                .routing(new Routing(null, fallbacks).withDevice(new DeviceName(device)))
                .build();
    }
}
