package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.JobEventFixtures.withProviderUsage;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.job.ProviderUsage.Tokens;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job shows of what providers say they used, and of the warnings of its request. */
class ProviderUsageTotalsTests {

    private static final String FALLBACK = "generate-fallback-1";

    @Test
    void attemptsAndFallbacksAreAddedAndEachFailedAttemptKeepsItsOwn() {
        var job = last(
                requested((GridSpec) null, "b"),
                withProviderUsage(failed("generate", 1, Code.ENGINE_ERROR), tokens(10, 0)),
                withProviderUsage(failed("generate", 2, Code.RATE_LIMITED), tokens(20, 5)),
                withProviderUsage(succeeded(FALLBACK, 1), tokens(7, 4_160)));

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.providerUsage()).isEqualTo(tokens(37, 4_165));
        assertThat(job.lastErrors())
                .extracting(Job.AttemptFailure::providerUsage)
                .containsExactly(tokens(10, 0), tokens(20, 5));
    }

    @Test
    void stoppedAttemptCountsAndASplitAddsNothing() {
        assertThat(last(
                                requested(),
                                started("generate", 1),
                                cancelRequested(20),
                                withProviderUsage(canceled("generate", 1, 3L), tokens(3, 1)))
                        .providerUsage())
                .isEqualTo(tokens(3, 1));
        assertThat(last(
                                gridRequested(),
                                withProviderUsage(succeeded("generate", 1), tokens(3, 1)),
                                succeeded("split", 1))
                        .providerUsage())
                .isEqualTo(tokens(3, 1));
    }

    @Test
    void repeatedReportIsNotCountedTwiceAndAnErasedJobKeepsItsUsage() {
        var report = withProviderUsage(succeeded("generate", 1), tokens(3, 1));

        assertThat(last(requested(), report, report, eraseRequested()).providerUsage())
                .isEqualTo(tokens(3, 1));
    }

    @Test
    void jobWhoseProviderSaysNothingHasNoUsage() {
        var job = last(requested(), failed("generate", 1, Code.ENGINE_ERROR), succeeded("generate", 2));

        assertThat(job.providerUsage()).isNull();
    }

    @Test
    void warningsOfTheRequestAreTheFirstOfTheJob() {
        var plain = requested((GridSpec) null, "b");
        var warning = new Job.Warning("model-replaced", "The model was shut down.", null);
        var request = plain.with(
                plain.request().toBuilder().warnings(List.of(warning)).build());

        assertThat(last(request).warnings()).containsExactly(warning);
        assertThat(last(request, failed("generate", 1, Code.PROVIDER_AUTH), succeeded(FALLBACK, 1))
                        .warnings())
                .extracting(Job.Warning::code)
                .containsExactly("model-replaced", "fallback");
        assertThat(last(request, succeeded("generate", 1), eraseRequested()).warnings())
                .isEmpty();
    }

    private static ProviderUsage tokens(long input, long output) {
        return new ProviderUsage(input, new Tokens(input, null, null), output, null, null, null);
    }

    private static Job last(JobEvent... events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        return history.announcement(history.version()).job();
    }
}
