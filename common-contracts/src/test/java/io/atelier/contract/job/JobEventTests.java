package io.atelier.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobEventTests {

    private static final JobId JOB = JobId.of(new UUID(1, 2));
    private static final Worker WORKER = new Worker("w", "pocket", "cpu");
    private static final Failure FAILURE = new Failure(Failure.Code.ENGINE_ERROR, "It broke.");

    @Test
    void aRepeatedEventHasTheSameFingerprintWhateverItsTimeAndWorker() {
        var first = new JobEvent.TaskStarted(JOB, "generate", 1, Instant.EPOCH, WORKER);
        var repeated = new JobEvent.TaskStarted(
                JOB, "generate", 1, Instant.EPOCH.plusSeconds(9), new Worker("v", "pocket", "cpu"));

        assertThat(repeated.fingerprint()).isEqualTo(first.fingerprint());
    }

    @Test
    void everyEventOfAJobHasItsOwnFingerprint() {
        var events = List.of(
                new JobEvent.TaskStarted(JOB, "generate", 1, Instant.EPOCH, WORKER),
                new JobEvent.TaskStarted(JOB, "generate", 2, Instant.EPOCH, WORKER),
                new JobEvent.TaskStarted(JOB, "split", 1, Instant.EPOCH, WORKER),
                new JobEvent.TaskFailed(JOB, "generate", 1, Instant.EPOCH, WORKER, FAILURE, null, null, null),
                new JobEvent.TaskSucceeded(
                        JOB,
                        "generate",
                        1,
                        Instant.EPOCH,
                        WORKER,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null));

        assertThat(events).extracting(JobEvent::fingerprint).doesNotHaveDuplicates();
    }

    @Test
    void theLifecycleRetriesFailuresOfEngineDeviceStoreAndWorker() {
        assertThat(List.of(Failure.Code.values()).stream().filter(Failure.Code::isTransient))
                .containsExactlyInAnyOrder(
                        Failure.Code.ENGINE_ERROR,
                        Failure.Code.ENGINE_UNAVAILABLE,
                        Failure.Code.ENGINE_TIMEOUT,
                        Failure.Code.OUT_OF_MEMORY,
                        Failure.Code.STORAGE_ERROR,
                        Failure.Code.WORKER_LOST);
    }

    @Test
    void theClientMayRepeatRequestsThatTheLifecycleOrTheProviderCouldNotServe() {
        assertThat(List.of(Failure.Code.values()).stream()
                        .filter(Failure.Code::retryable)
                        .filter(code -> !code.isTransient()))
                .containsExactlyInAnyOrder(
                        Failure.Code.RATE_LIMITED,
                        Failure.Code.PROVIDER_ERROR,
                        Failure.Code.PROVIDER_TIMEOUT,
                        Failure.Code.NETWORK_ERROR,
                        Failure.Code.INVALID_RESPONSE);
        assertThat(List.of(Failure.Code.values()).stream().filter(Failure.Code::isTransient))
                .allMatch(Failure.Code::retryable);
    }
}
