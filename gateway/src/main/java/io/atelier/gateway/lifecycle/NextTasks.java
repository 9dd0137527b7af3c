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

/** What workers are told to do, or to leave, because of a state. */
final class NextTasks {

    private NextTasks() {}

    /** The first attempt of the first model needs no order: the client's own request is the one that workers take. */
    static Optional<GenerationRequested> generate(Existing state) {
        var record = state.record();
        boolean clientsOwn = record.attempt() == 1 && !record.fellBack();
        if (!(state instanceof Queued) || record.splitting() || clientsOwn) {
            return Optional.empty();
        }
        var first = record.order();
        return Optional.of(new GenerationRequested(
                first.job(),
                record.task(),
                record.attempt(),
                first.maxAttempts(),
                state.since(),
                record.notBefore(),
                record.request()));
    }

    static Optional<SplitRequested> split(Existing state) {
        var record = state.record();
        if (!(state instanceof Queued) || !record.splitting()) {
            return Optional.empty();
        }
        var first = record.order();
        return Optional.of(new SplitRequested(
                first.job(),
                JobRecord.SPLIT,
                record.attempt(),
                first.maxAttempts(),
                state.since(),
                record.notBefore(),
                Objects.requireNonNull(first.request().grid()),
                record.grids()));
    }

    /** What a client wished the workers have heard from the gateway; what a deadline did they hear from here. */
    static Optional<CancelRequested> stop(Existing state) {
        var record = state.record();
        if (state instanceof Expired) {
            return Optional.of(
                    new CancelRequested(record.order().job(), state.since(), CanceledBy.DEADLINE, null, Duration.ZERO));
        }
        return Optional.ofNullable(record.cancel()).filter(wish -> wish.by() == CanceledBy.DEADLINE);
    }
}
