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
    void aRepetitionOfAFactHasTheSameFingerprintWhenEverAndByWhomItIsSaid() {
        var said = new JobEvent.TaskStarted(JOB, "generate", 1, Instant.EPOCH, WORKER);
        var again = new JobEvent.TaskStarted(
                JOB, "generate", 1, Instant.EPOCH.plusSeconds(9), new Worker("v", "pocket", "cpu"));

        assertThat(again.fingerprint()).isEqualTo(said.fingerprint());
    }

    @Test
    void everyFactOfAJobHasAFingerprintOfItsOwn() {
        var facts = List.of(
                new JobEvent.TaskStarted(JOB, "generate", 1, Instant.EPOCH, WORKER),
                new JobEvent.TaskStarted(JOB, "generate", 2, Instant.EPOCH, WORKER),
                new JobEvent.TaskStarted(JOB, "split", 1, Instant.EPOCH, WORKER),
                new JobEvent.TaskFailed(JOB, "generate", 1, Instant.EPOCH, WORKER, FAILURE),
                new JobEvent.TaskSucceeded(JOB, "generate", 1, Instant.EPOCH, WORKER, List.of(), List.of(), null));

        assertThat(facts).extracting(JobEvent::fingerprint).doesNotHaveDuplicates();
    }

    @Test
    void onlyWhatTimeCanMendIsWorthAnotherAttempt() {
        assertThat(List.of(Failure.Code.values()).stream().filter(Failure.Code::retryable))
                .containsExactlyInAnyOrder(
                        Failure.Code.ENGINE_ERROR,
                        Failure.Code.ENGINE_UNAVAILABLE,
                        Failure.Code.ENGINE_TIMEOUT,
                        Failure.Code.OUT_OF_MEMORY,
                        Failure.Code.STORAGE_ERROR,
                        Failure.Code.WORKER_LOST);
    }
}
