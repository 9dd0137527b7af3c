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
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobEventVisitor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job, computed from its events. States are immutable, and {@link #after} is a pure function: it uses neither a clock nor the
 * network, so that the same events always result in the same state.
 *
 * <pre>{@code
 * None -> Open -> Ended (Succeeded | Failed | Canceled | Expired) -> Erased -> Purged
 * }</pre>
 *
 * <p>An open job has tasks with needs, see {@link TaskGraph}. It succeeds when all of them are done, and fails when one of them failed for good;
 * what the workers of the others report after that changes nothing. A canceled job ends when all workers that hold tasks have answered.
 *
 * <p>An event that does not apply, because it is repeated, late or about an earlier attempt, leaves the state unchanged. A job reaches one
 * terminal state and keeps it.
 *
 * <p>This interface is the {@link JobEventVisitor visitor} of events. Each method returns this state by default; a state overrides the
 * methods for the events that change it.
 */
sealed interface JobState extends JobEventVisitor<JobState> {

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

    @Override
    default JobState released(Released event) {
        return this;
    }

    /**
     * No request is known. This is also the state of a purged job, whose history was deleted.
     *
     * @param plan decides which tasks the job will have
     */
    record None(TaskPlan plan) implements JobState {

        None() {
            this(TaskPlan.ofRequests());
        }

        @Override
        public boolean mayApplyLater(JobEvent event) {
            return !(event instanceof GenerationRequested || event instanceof DeadlinePassed);
        }

        @Override
        public JobState requested(GenerationRequested event) {
            // The lifecycle itself requests other tasks, later attempts and fallbacks, so these must not create a job.
            return event.byClient() ? new OpenState(JobRecord.of(event, plan), event.at()) : this;
        }
    }

    /** A state of a job whose request is known. */
    sealed interface Existing extends JobState permits OpenState, Ended, Erased {

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

        /** The version that an event makes. */
        default JobVersion next(JobEvent event) {
            return record().next(at(event));
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

        /** The last of the workers that held its tasks has answered. */
        static Canceled by(JobRecord record, Instant at) {
            var last = record.tasks().lastRelease().orElseThrow();
            var outcome = last.afterMillis() == null ? Outcome.UNCONFIRMED : Outcome.FREED;
            return new Canceled(record, at, outcome, last.afterMillis(), last.by());
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
