package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.gateway.lifecycle.JobState.Canceled;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobState.Known;
import io.atelier.gateway.lifecycle.JobState.Running;
import io.atelier.gateway.lifecycle.JobState.Succeeded;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The event that announces a state. */
final class PublicEvent {

    private PublicEvent() {}

    /** The CloudEvents type of the event that announces the state. */
    static String type(Known state) {
        return of(state, Snapshot.of(state, List.of())).type();
    }

    static GenerationEvent of(Known state, Job job) {
        if (state instanceof Erased) {
            return new GenerationEvent.Erased(
                    job.id(),
                    job.version(),
                    job.status(),
                    job.stage(),
                    state.since(),
                    Objects.requireNonNull(job.erasure()));
        }
        if (state instanceof Ended ended) {
            return end(ended, job);
        }
        return state instanceof Running running ? running(running, job) : queued(state, job);
    }

    private static GenerationEvent end(Ended state, Job job) {
        var id = job.id();
        int version = job.version();
        var at = state.since();
        if (state instanceof Succeeded) {
            return new GenerationEvent.Succeeded(id, version, job.status(), job.stage(), at, job);
        }
        if (state instanceof Canceled) {
            var cancel = Objects.requireNonNull(job.cancel());
            return new GenerationEvent.Canceled(id, version, job.status(), job.stage(), at, cancel, job.error(), job);
        }
        var error = Objects.requireNonNull(job.error());
        return state instanceof Failed
                ? new GenerationEvent.Failed(id, version, job.status(), job.stage(), at, error, job)
                : new GenerationEvent.Expired(id, version, job.status(), job.stage(), at, error, job);
    }

    private static GenerationEvent running(Running state, Job job) {
        var cancel = job.cancel();
        return cancel != null
                ? new GenerationEvent.CancelRequested(
                        job.id(), job.version(), job.status(), job.stage(), state.since(), cancel)
                : new GenerationEvent.Started(
                        job.id(),
                        job.version(),
                        job.status(),
                        job.stage(),
                        state.since(),
                        job.attempt(),
                        state.worker());
    }

    private static GenerationEvent queued(Known state, Job job) {
        var course = state.course();
        @Nullable Failure cause = course.lastFailure();
        if (cause != null) {
            return new GenerationEvent.RetryScheduled(
                    job.id(),
                    job.version(),
                    job.status(),
                    job.stage(),
                    state.since(),
                    course.attempt(),
                    course.notBefore(),
                    cause);
        }
        return course.splitting()
                ? new GenerationEvent.Splitting(
                        job.id(), job.version(), job.status(), job.stage(), state.since(), course.grids())
                : new GenerationEvent.Accepted(
                        job.id(), job.version(), job.status(), job.stage(), state.since(), job.request());
    }
}
