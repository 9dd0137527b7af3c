package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Report;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job, computed from its events. States are immutable, and {@link #after} is a pure function: it uses neither a clock nor the
 * network, so that the same events always result in the same state.
 *
 * <pre>{@code
 * None -> Queued <-> Running -> Ended (Succeeded | Failed | Canceled | Expired) -> Erased -> Purged
 * }</pre>
 *
 * <p>An event that does not apply, because it is repeated, late or about an earlier attempt, leaves the state unchanged. A job reaches one
 * terminal state and keeps it.
 *
 * <p>This interface is the {@link JobEvent.Cases visitor} of events. Each method returns this state by default; a state overrides the
 * methods for the events that change it.
 */
sealed interface JobState extends JobEvent.Cases<JobState> {

    /** The state after an event; this state if the event does not apply. */
    default JobState after(JobEvent event) {
        return event.match(this);
    }

    /** The number of state changes; 0 for {@link None} and {@link Purged}. */
    default int version() {
        return 0;
    }

    /** Whether an event that does not apply to this state may apply to a later one. Such an event is kept until then. */
    default boolean mayApplyLater(JobEvent event) {
        return false;
    }

    @Override
    default JobState requested(GenerationRequested event) {
        return this;
    }

    @Override
    default JobState started(TaskStarted event) {
        return this;
    }

    @Override
    default JobState succeeded(TaskSucceeded event) {
        return this;
    }

    @Override
    default JobState failed(TaskFailed event) {
        return this;
    }

    @Override
    default JobState canceled(TaskCanceled event) {
        return this;
    }

    @Override
    default JobState cancelRequested(CancelRequested event) {
        return this;
    }

    @Override
    default JobState eraseRequested(EraseRequested event) {
        return this;
    }

    @Override
    default JobState deadlinePassed(DeadlinePassed event) {
        return this;
    }

    /** No request is known. This is also the state of a purged job, whose history was deleted. */
    record None() implements JobState {

        @Override
        public boolean mayApplyLater(JobEvent event) {
            return !(event instanceof GenerationRequested || event instanceof DeadlinePassed);
        }

        @Override
        public JobState requested(GenerationRequested event) {
            // The lifecycle itself requests later attempts and fallbacks, so these must not create a job.
            boolean byClient = event.attempt() == 1 && event.request().tried().isEmpty();
            return byClient ? new Queued(JobRecord.of(event), event.at()) : this;
        }
    }

    /** A state of a job whose request is known. */
    sealed interface Existing extends JobState {

        /** The data of the job. */
        JobRecord record();

        /** When the job reached this state. */
        Instant since();

        @Override
        default int version() {
            return record().version();
        }

        /** The time of an event, but not before {@link #since}: the clock of the reporting worker may be behind. */
        default Instant at(JobEvent event) {
            return event.at().isBefore(since()) ? since() : event.at();
        }
    }

    /** A state with a task that waits for a worker or runs. */
    sealed interface Open extends Existing {

        @Override
        default boolean mayApplyLater(JobEvent event) {
            if (event instanceof Report report && record().isLaterTask(report.task())) {
                return true;
            }
            // A worker may receive a cancellation before the lifecycle does. An erasure takes effect after the end of
            // the job.
            return event instanceof TaskCanceled || event instanceof EraseRequested;
        }

        @Override
        default JobState succeeded(TaskSucceeded event) {
            if (!record().isCurrent(event)) {
                return this;
            }
            var done = record().succeeded(event, at(event));
            if (!record().needsSplit()) {
                return new Succeeded(done, at(event), event.images().isEmpty() ? done.grids() : event.images());
            }
            return done.cancel() == null
                    ? new Queued(done.split(event.images()), at(event))
                    : Canceled.afterTaskEnd(done, at(event));
        }

        @Override
        default JobState failed(TaskFailed event) {
            if (!record().isCurrent(event)) {
                return this;
            }
            var failure = event.failure();
            var failed = record().failed(event, at(event));
            if (failed.cancel() != null) {
                return Canceled.afterTaskEnd(failed, at(event));
            }
            if (failure.code().isTransient() && !failed.isLastAttempt(event.attempt())) {
                return new Queued(failed.retry(at(event)), at(event));
            }
            if (failed.canFallBackAfter(failure)) {
                return new Queued(failed.fallBack(failure), at(event));
            }
            // A generated grid that cannot be cut is still a result that the client may have paid for.
            return failed.isSplitting() && !failed.splitsOnly()
                    ? new Succeeded(failed.notSplit(failure), at(event), failed.grids())
                    : new Failed(failed, at(event), failure);
        }

        @Override
        default JobState deadlinePassed(DeadlinePassed event) {
            boolean late = event.kind() == DeadlineKind.START_BY || event.kind() == DeadlineKind.COMPLETE_BY;
            if (late && !record().hasStarted()) {
                return new Expired(record().nextVersion(), at(event), DeadlineFailures.missedBeforeStart(event));
            }
            return event.kind() == DeadlineKind.COMPLETE_BY
                    ? cancelRequested(DeadlineFailures.cancellation(event))
                    : this;
        }
    }

    /** A task waits for a worker. */
    record Queued(JobRecord record, Instant since) implements Open {

        @Override
        public JobState started(TaskStarted event) {
            return record.isCurrent(event)
                    ? new Running(record.started(event, at(event)), at(event), event.worker())
                    : this;
        }

        @Override
        public JobState cancelRequested(CancelRequested event) {
            return new Canceled(record.cancelRequested(event), at(event), Outcome.DEQUEUED, null, null);
        }
    }

    /** A worker runs the task. */
    record Running(JobRecord record, Instant since, Worker worker) implements Open {

        @Override
        public JobState started(TaskStarted event) {
            // A redelivery: the broker gave the task to another worker because the first one was lost.
            return record.isCurrent(event) && event.attempt() > record.attempt()
                    ? new Running(record.started(event, at(event)), at(event), event.worker())
                    : this;
        }

        @Override
        public JobState cancelRequested(CancelRequested event) {
            return record.cancel() == null ? new Running(record.cancelRequested(event), at(event), worker) : this;
        }

        @Override
        public JobState canceled(TaskCanceled event) {
            if (record.cancel() == null || !record.isCurrent(event)) {
                return this;
            }
            var outcome = event.freedAfterMillis() == null ? Outcome.UNCONFIRMED : Outcome.FREED;
            return new Canceled(record.canceled(event), at(event), outcome, event.freedAfterMillis(), event.freedBy());
        }

        @Override
        public JobState deadlinePassed(DeadlinePassed event) {
            return event.kind() == DeadlineKind.CANCEL_ANSWER && record.cancel() != null
                    ? new Canceled(record.nextVersion(), at(event), Outcome.UNCONFIRMED, null, null)
                    : Open.super.deadlinePassed(event);
        }
    }

    /** A terminal state. Only an erasure changes the job after that. */
    sealed interface Ended extends Existing {

        @Override
        default JobState eraseRequested(EraseRequested event) {
            return new Erased(record().nextVersion(), at(event), this, false);
        }

        @Override
        default JobState deadlinePassed(DeadlinePassed event) {
            return event.kind() == DeadlineKind.RETENTION
                    ? new Erased(record().nextVersion(), at(event), this, true)
                    : this;
        }
    }

    /** All images are stored. */
    record Succeeded(JobRecord record, Instant since, List<StoredImage> images) implements Ended {
        public Succeeded {
            images = List.copyOf(images);
        }
    }

    /** No attempt and no fallback is left, or the failure allows none. */
    record Failed(JobRecord record, Instant since, Failure error) implements Ended {}

    /** The job was canceled by a client or by a deadline; see {@link io.atelier.contract.job.Job.Cancel} for the components. */
    record Canceled(
            JobRecord record,
            Instant since,
            Outcome outcome,
            @Nullable Long freedAfterMillis,
            @Nullable String freedBy) implements Ended {

        /** The worker ended its task before it stopped for the cancellation, but the job needed further tasks. */
        static Canceled afterTaskEnd(JobRecord record, Instant at) {
            var request = record.cancel();
            Long waited = request == null
                    ? null
                    : Long.valueOf(
                            Math.max(0, Duration.between(request.at(), at).toMillis()));
            return new Canceled(record, at, Outcome.FREED, waited, "engine");
        }
    }

    /** No worker started the job before its deadline. */
    record Expired(JobRecord record, Instant since, Failure error) implements Ended {}

    /** Images and texts are erased: at the end of the retention period, or else for a client. {@code end} is the state before. */
    record Erased(JobRecord record, Instant since, Ended end, boolean retentionEnded) implements Existing {

        @Override
        public JobState deadlinePassed(DeadlinePassed event) {
            return event.kind() == DeadlineKind.MEMORY ? new Purged() : this;
        }
    }

    /** The job is deleted entirely; its history and its public state are to be removed. */
    record Purged() implements JobState {}
}
