package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.contract.job.JobEvent.DeadlineKind;
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
 * Where a job stands. {@link #after} is the only way to a new state, and it touches nothing outside: no clock, no network.
 *
 * <p>An event that does not apply (repeated, late, of an attempt that was given up) leaves the state as it is, and the first terminal
 * state stays.
 */
sealed interface JobState extends JobEvent.Cases<JobState> {

    static JobState none() {
        return new None();
    }

    default JobState after(JobEvent event) {
        return event.match(this);
    }

    /** How often the state has changed; 0 before the request. */
    int version();

    /** Whether an event that does not apply now may apply once others were heard. */
    default boolean expects(JobEvent event) {
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

    /** Nobody asked for this job yet, or everybody has forgotten it. */
    record None() implements JobState {

        @Override
        public int version() {
            return 0;
        }

        @Override
        public boolean expects(JobEvent event) {
            return !(event instanceof GenerationRequested || event instanceof DeadlinePassed);
        }

        @Override
        public JobState requested(GenerationRequested event) {
            // A later attempt or another model is ordered by the lifecycle itself, so it never makes a job.
            boolean own = event.attempt() == 1 && event.request().tried().isEmpty();
            return own ? new Queued(JobRecord.of(event), event.at()) : this;
        }
    }

    /** A state with what the job has been through, and when it came to be. */
    sealed interface Existing extends JobState {
        JobRecord record();

        Instant since();

        @Override
        default int version() {
            return record().version();
        }

        /** When the event happened, but never before this state came to be: the clock of the worker that reports may be behind. */
        default Instant at(JobEvent event) {
            return event.at().isBefore(since()) ? since() : event.at();
        }
    }

    /** A task is due or under way. */
    sealed interface Open extends Existing {

        @Override
        default boolean expects(JobEvent event) {
            if (event instanceof Report report && record().comesLater(report.task())) {
                return true;
            }
            // The worker may hear of a cancellation before the lifecycle does. What is to be erased must end first.
            return event instanceof TaskCanceled || event instanceof EraseRequested;
        }

        @Override
        default JobState succeeded(TaskSucceeded event) {
            if (!record().concerns(event)) {
                return this;
            }
            var done = record().succeeded(event, at(event));
            if (!record().splitComesNext()) {
                return new Succeeded(done, at(event), event.images().isEmpty() ? done.grids() : event.images());
            }
            return done.cancel() == null
                    ? new Queued(done.split(event.images()), at(event))
                    : Canceled.freed(done, at(event));
        }

        @Override
        default JobState failed(TaskFailed event) {
            if (!record().concerns(event)) {
                return this;
            }
            var failed = record().failed(event, at(event));
            if (failed.cancel() != null) {
                return Canceled.freed(failed, at(event));
            }
            if (event.failure().retryable() && !failed.lastAttempt(event.attempt())) {
                return new Queued(failed.retry(at(event)), at(event));
            }
            if (failed.fallsBackOn(event.failure())) {
                return new Queued(failed.fallBack(event.failure()), at(event));
            }
            return failed.splitting()
                    ? new Succeeded(failed.undivided(event.failure()), at(event), failed.grids())
                    : new Failed(failed, at(event), event.failure());
        }

        @Override
        default JobState deadlinePassed(DeadlinePassed event) {
            boolean late = event.kind() == DeadlineKind.START_BY || event.kind() == DeadlineKind.COMPLETE_BY;
            if (late && !record().begun()) {
                return new Expired(record().moved(), at(event), DeadlineFailures.missedBeforeStart(event));
            }
            return event.kind() == DeadlineKind.COMPLETE_BY ? cancelRequested(DeadlineFailures.wish(event)) : this;
        }
    }

    /** A task waits for a worker. */
    record Queued(JobRecord record, Instant since) implements Open {

        @Override
        public JobState started(TaskStarted event) {
            return record.concerns(event)
                    ? new Running(record.started(event, at(event)), at(event), event.worker())
                    : this;
        }

        @Override
        public JobState cancelRequested(CancelRequested event) {
            return new Canceled(record.canceling(event), at(event), Outcome.DEQUEUED, null, null);
        }
    }

    /** A worker has the task. */
    record Running(JobRecord record, Instant since, Worker worker) implements Open {

        @Override
        public JobState started(TaskStarted event) {
            // The same task, handed out again because its first worker was lost.
            return record.concerns(event) && event.attempt() > record.attempt()
                    ? new Running(record.started(event, at(event)), at(event), event.worker())
                    : this;
        }

        @Override
        public JobState cancelRequested(CancelRequested event) {
            return record.cancel() == null ? new Running(record.canceling(event), at(event), worker) : this;
        }

        @Override
        public JobState canceled(TaskCanceled event) {
            if (record.cancel() == null || !record.concerns(event)) {
                return this;
            }
            var outcome = event.freedAfterMillis() == null ? Outcome.UNCONFIRMED : Outcome.FREED;
            return new Canceled(record.moved(), at(event), outcome, event.freedAfterMillis(), event.freedBy());
        }

        @Override
        public JobState deadlinePassed(DeadlinePassed event) {
            return event.kind() == DeadlineKind.CANCEL_ANSWER && record.cancel() != null
                    ? new Canceled(record.moved(), at(event), Outcome.UNCONFIRMED, null, null)
                    : Open.super.deadlinePassed(event);
        }
    }

    /** Nothing is to be done for the job any more. */
    sealed interface Ended extends Existing {

        @Override
        default JobState eraseRequested(EraseRequested event) {
            return new Erased(record().moved(), at(event), this, false);
        }

        @Override
        default JobState deadlinePassed(DeadlinePassed event) {
            return event.kind() == DeadlineKind.RETENTION ? new Erased(record().moved(), at(event), this, true) : this;
        }
    }

    /** All pictures are there. */
    record Succeeded(JobRecord record, Instant since, List<StoredImage> images) implements Ended {
        public Succeeded {
            images = List.copyOf(images);
        }
    }

    /** The job was given up. */
    record Failed(JobRecord record, Instant since, Failure error) implements Ended {}

    /** The job was ended early. */
    record Canceled(
            JobRecord record,
            Instant since,
            Outcome outcome,
            @Nullable Long freedAfterMillis,
            @Nullable String freedBy) implements Ended {

        /** The worker was done with its task before it could be stopped, but the job was not. */
        static Canceled freed(JobRecord record, Instant at) {
            var wish = record.cancel();
            Long waited = wish == null
                    ? null
                    : Long.valueOf(Math.max(0, Duration.between(wish.at(), at).toMillis()));
            return new Canceled(record, at, Outcome.FREED, waited, "engine");
        }

        boolean byDeadline() {
            var wish = record.cancel();
            return wish != null && wish.by() == CanceledBy.DEADLINE;
        }
    }

    /** Nobody began the job in time. */
    record Expired(JobRecord record, Instant since, Failure error) implements Ended {}

    /** Pictures and words of the job are to be gone. */
    record Erased(JobRecord record, Instant since, Ended end, boolean retentionEnded) implements Existing {

        @Override
        public JobState deadlinePassed(DeadlinePassed event) {
            return event.kind() == DeadlineKind.MEMORY ? new Purged() : this;
        }
    }

    /** Nothing is known of the job any more. */
    record Purged() implements JobState {

        @Override
        public int version() {
            return 0;
        }
    }
}
