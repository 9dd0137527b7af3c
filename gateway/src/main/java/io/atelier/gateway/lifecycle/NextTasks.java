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
        var course = state.course();
        boolean clientsOwn = course.attempt() == 1 && !course.fellBack();
        if (!(state instanceof Queued) || course.splitting() || clientsOwn) {
            return Optional.empty();
        }
        var first = course.order();
        return Optional.of(new GenerationRequested(
                first.job(),
                course.task(),
                course.attempt(),
                first.maxAttempts(),
                state.since(),
                course.notBefore(),
                course.request()));
    }

    static Optional<SplitRequested> split(Existing state) {
        var course = state.course();
        if (!(state instanceof Queued) || !course.splitting()) {
            return Optional.empty();
        }
        var first = course.order();
        return Optional.of(new SplitRequested(
                first.job(),
                JobRecord.SPLIT,
                course.attempt(),
                first.maxAttempts(),
                state.since(),
                course.notBefore(),
                Objects.requireNonNull(first.request().grid()),
                course.grids()));
    }

    /** What a client wished the workers have heard from the gateway; what a deadline did they hear from here. */
    static Optional<CancelRequested> stop(Existing state) {
        var course = state.course();
        if (state instanceof Expired) {
            return Optional.of(
                    new CancelRequested(course.order().job(), state.since(), CanceledBy.DEADLINE, null, Duration.ZERO));
        }
        return Optional.ofNullable(course.cancel()).filter(wish -> wish.by() == CanceledBy.DEADLINE);
    }
}
