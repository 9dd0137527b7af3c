package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Queued;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Derives the records for the workers from a state: the next task, or a cancellation. */
final class NextTasks {

    private NextTasks() {}

    /**
     * The task for generator workers. Empty for the first attempt with the first model: workers lease the client's own request, which the
     * gateway has published.
     */
    static Optional<GenerationRequested> generate(Existing state) {
        var record = state.record();
        boolean isSubmission = record.attempt() == 1 && !record.isFallback();
        if (!(state instanceof Queued) || record.isSplitting() || isSubmission) {
            return Optional.empty();
        }
        return Optional.of(generateAgain(state));
    }

    /**
     * The current task for generator workers, also for the first attempt and while a worker runs it. It carries the number of the last known
     * attempt, because a report about an earlier one would change nothing.
     */
    static GenerationRequested generateAgain(Existing state) {
        var record = state.record();
        var submission = record.submission();
        return new GenerationRequested(
                submission.job(),
                record.task(),
                record.attempt(),
                submission.maxAttempts(),
                state.since(),
                record.notBefore(),
                record.request());
    }

    /** The task for splitter workers. */
    static Optional<SplitRequested> split(Existing state) {
        var record = state.record();
        if (!(state instanceof Queued) || !record.isSplitting()) {
            return Optional.empty();
        }
        return Optional.of(splitAgain(state));
    }

    /** The current task for splitter workers, also while a worker runs it; see {@link #generateAgain}. */
    static SplitRequested splitAgain(Existing state) {
        var record = state.record();
        var submission = record.submission();
        return new SplitRequested(
                submission.job(),
                record.task(),
                record.attempt(),
                submission.maxAttempts(),
                state.since(),
                record.notBefore(),
                Objects.requireNonNull(submission.request().grid()),
                record.gridsToCut(),
                submission.request().jpeg(),
                record.addressToCut());
    }

    /** The cancellation for the workers, if a deadline caused it. The gateway publishes the cancellations of clients itself. */
    static Optional<CancelRequested> cancellation(Existing state) {
        var record = state.record();
        if (state instanceof Expired) {
            return Optional.of(
                    new CancelRequested(record.job(), state.since(), CanceledBy.DEADLINE, null, Duration.ZERO));
        }
        return Optional.ofNullable(record.cancel()).filter(request -> request.by() == CanceledBy.DEADLINE);
    }
}
