package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.gateway.lifecycle.JobState.Canceled;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobState.Succeeded;
import java.time.Instant;
import java.util.Objects;

/**
 * The kinds of public events. {@link #of} selects the kind for a state; {@link #event(Existing, Job)} creates the event. Each state has exactly
 * one event.
 */
enum PublicEvent {
    ACCEPTED(GenerationEvent.Accepted.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            return new GenerationEvent.Accepted(job.id(), job.version(), job.status(), job.stage(), at, job.request());
        }
    },
    STARTED(GenerationEvent.Started.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var worker = Objects.requireNonNull(job.worker());
            return new GenerationEvent.Started(
                    job.id(), job.version(), job.status(), job.stage(), at, attempt(state), worker);
        }
    },
    RETRY_SCHEDULED(GenerationEvent.RetryScheduled.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var task = state.record().tasks().current();
            Failure cause = Objects.requireNonNull(task.lastFailure());
            var newModel = task.isNewFallback() ? task.request().model() : null;
            return new GenerationEvent.RetryScheduled(
                    job.id(),
                    job.version(),
                    job.status(),
                    job.stage(),
                    at,
                    attempt(state),
                    task.notBefore(),
                    cause,
                    newModel);
        }
    },
    SPLITTING(GenerationEvent.Splitting.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            return new GenerationEvent.Splitting(job.id(), job.version(), job.status(), job.stage(), at, job.grids());
        }
    },
    ADVANCED(GenerationEvent.Advanced.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            return new GenerationEvent.Advanced(job.id(), job.version(), job.status(), job.stage(), at, job.stages());
        }
    },
    SUCCEEDED(GenerationEvent.Succeeded.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            return new GenerationEvent.Succeeded(job.id(), job.version(), job.status(), job.stage(), at, job);
        }
    },
    FAILED(GenerationEvent.Failed.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var error = Objects.requireNonNull(job.error());
            return new GenerationEvent.Failed(job.id(), job.version(), job.status(), job.stage(), at, error, job);
        }
    },
    CANCEL_REQUESTED(GenerationEvent.CancelRequested.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var cancel = Objects.requireNonNull(job.cancel());
            return new GenerationEvent.CancelRequested(job.id(), job.version(), job.status(), job.stage(), at, cancel);
        }
    },
    CANCELED(GenerationEvent.Canceled.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var cancel = Objects.requireNonNull(job.cancel());
            return new GenerationEvent.Canceled(
                    job.id(), job.version(), job.status(), job.stage(), at, cancel, job.error(), job);
        }
    },
    EXPIRED(GenerationEvent.Expired.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var error = Objects.requireNonNull(job.error());
            return new GenerationEvent.Expired(job.id(), job.version(), job.status(), job.stage(), at, error, job);
        }
    },
    ERASED(GenerationEvent.Erased.TYPE) {
        @Override
        GenerationEvent event(Existing state, Job job, Instant at) {
            var erasure = Objects.requireNonNull(job.erasure());
            return new GenerationEvent.Erased(job.id(), job.version(), job.status(), job.stage(), at, erasure);
        }
    };

    private final String type;

    PublicEvent(String type) {
        this.type = type;
    }

    /**
     * The kind of event that is published when a job reaches a state. Of several open tasks, the one that changed last decides. If none changed,
     * another one is done.
     */
    static PublicEvent of(Existing state) {
        if (state instanceof Erased) {
            return ERASED;
        }
        if (state instanceof Succeeded) {
            return SUCCEEDED;
        }
        if (state instanceof Canceled) {
            return CANCELED;
        }
        if (state instanceof Failed) {
            return FAILED;
        }
        if (state instanceof Expired) {
            return EXPIRED;
        }
        return ofOpen(state.record());
    }

    private static PublicEvent ofOpen(JobRecord record) {
        if (record.cancel() != null) {
            // Other jobs keep the events that earlier versions published for the same histories.
            return record.isAvatar() && record.isReportWhileCanceling() ? ADVANCED : CANCEL_REQUESTED;
        }
        if (record.version() == 1) {
            return ACCEPTED;
        }
        var task = record.tasks().current();
        if (task.changed().number() < record.version()) {
            return ADVANCED;
        }
        if (task.isUnderWay()) {
            return STARTED;
        }
        if (task.lastFailure() != null) {
            return RETRY_SCHEDULED;
        }
        return task.isSplit() && !task.plan().isFirst() ? SPLITTING : ADVANCED;
    }

    /** The attempt at the task that an event is about. */
    private static int attempt(Existing state) {
        return state.record().tasks().current().attempt();
    }

    /** The CloudEvents type. */
    String type() {
        return type;
    }

    /**
     * The event for a state of this kind.
     *
     * @param job public form of the state
     */
    GenerationEvent event(Existing state, Job job) {
        return event(state, job, state.since());
    }

    abstract GenerationEvent event(Existing state, Job job, Instant at);
}
