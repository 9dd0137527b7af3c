package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.JobEventFixtures.withProviderCalls;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The number of provider calls that a job shows. */
class ProviderCallsTests {

    private static final String FALLBACK = "generate-fallback-1";

    @Test
    @DisplayName("B-24: a job that fails after retries and a fallback counts the calls of all its attempts")
    void aFailedJobCountsTheCallsOfAllAttempts() {
        var announced = last(
                requested((GridSpec) null, "b"),
                started("generate", 1),
                withProviderCalls(failed("generate", 1, Code.ENGINE_ERROR), 1),
                started("generate", 2),
                withProviderCalls(failed("generate", 2, Code.NETWORK_ERROR), 4),
                started(FALLBACK, 1),
                withProviderCalls(failed(FALLBACK, 1, Code.PROVIDER_ERROR), 3));

        assertThat(announced.job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(announced.job().providerCalls()).isEqualTo(8);
        assertThat(announced.job().lastErrors())
                .extracting(Job.AttemptFailure::providerCalls)
                .containsExactly(1, 4, 3);
        assertThat(announced.event())
                .isInstanceOfSatisfying(
                        GenerationEvent.Failed.class,
                        event -> assertThat(event.job().providerCalls()).isEqualTo(8));
    }

    @Test
    @DisplayName("B-11: a job that succeeds after failed attempts counts their calls too")
    void aSucceededJobCountsTheCallsOfFailedAttempts() {
        var job = last(
                        requested((GridSpec) null, "b"),
                        withProviderCalls(failed("generate", 1, Code.RATE_LIMITED), 2),
                        withProviderCalls(succeeded(FALLBACK, 1), 3))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.providerCalls()).isEqualTo(5);
    }

    @Test
    void aJobWithoutReportedCallsShowsNone() {
        var job = last(requested(), failed("generate", 1, Code.ENGINE_ERROR), succeeded("generate", 2))
                .job();

        assertThat(job.providerCalls()).isNull();
        assertThat(job.lastErrors())
                .extracting(Job.AttemptFailure::providerCalls)
                .containsOnlyNulls();
    }

    @Test
    void theSplitOfAGridAddsNoCalls() {
        var job = last(gridRequested(), withProviderCalls(succeeded("generate", 1), 2), succeeded("split", 1))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.providerCalls()).isEqualTo(2);
    }

    @Test
    void aCanceledJobCountsTheCallsOfItsStoppedAttempt() {
        var job = last(
                        requested(),
                        started("generate", 1),
                        cancelRequested(20),
                        withProviderCalls(canceled("generate", 1, 3L), 1))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(job.providerCalls()).isEqualTo(1);
    }

    @Test
    void repeatedAndLateReportsAreNotCountedTwice() {
        var report = withProviderCalls(failed("generate", 1, Code.ENGINE_ERROR), 4);
        var job = last(
                        requested(),
                        report,
                        report,
                        withProviderCalls(succeeded("generate", 2), 1),
                        withProviderCalls(succeeded("generate", 2), 1),
                        report)
                .job();

        assertThat(job.providerCalls()).isEqualTo(5);
    }

    @Test
    void anErasedJobKeepsItsNumberOfCalls() {
        var job = last(
                        requested(),
                        withProviderCalls(failed("generate", 1, Code.ENGINE_ERROR), 4),
                        withProviderCalls(succeeded("generate", 2), 1),
                        eraseRequested())
                .job();

        assertThat(job.stage()).isEqualTo("erased");
        assertThat(job.providerCalls()).isEqualTo(5);
    }

    private static Announcement last(JobEvent... events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        return history.announcement(history.version());
    }
}
