package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.lifecycle.JobState.Canceled;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobState.Succeeded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts a state into the public form of the job, {@link Job}. Leaves out erased data. */
final class Snapshot {

    private Snapshot() {}

    /**
     * The public form of a state.
     *
     * @param steps one step for each version up to this state, oldest first
     */
    static Job of(Existing state, List<Job.Step> steps) {
        var record = state.record();
        var tasks = record.tasks();
        var usage = tasks.usage();
        var submission = record.submission();
        var status = status(state);
        boolean erased = state instanceof Erased;
        return new Job(
                submission.job(),
                record.version(),
                status,
                stage(state),
                submission.at(),
                tasks.startedAt(),
                status.terminal() ? beforeErasure(state).since() : null,
                record.attempt(),
                submission.maxAttempts(),
                erased ? record.request().redacted() : record.request(),
                state instanceof OpenState ? tasks.current().worker() : null,
                images(state),
                erased ? List.of() : tasks.grids(),
                erased ? List.of() : record.warnings(),
                tasks.failures(),
                error(beforeErasure(state)),
                usage.engineMillis(),
                cancel(state),
                expiresAt(state),
                state instanceof Erased gone ? new Job.Erasure(gone.since(), gone.retentionEnded()) : null,
                steps,
                enhancement(state),
                usage.providerCalls(),
                usage.provider(),
                erased ? null : tasks.base(),
                erased ? List.of() : tasks.prompts(),
                StageTimes.of(record));
    }

    /** The summary of a state for {@link Job#history}. */
    static Job.Step step(Existing state) {
        return new Job.Step(
                state.version(),
                PublicEvent.of(state).type(),
                status(state),
                stage(state),
                state.since(),
                state.record().attempt());
    }

    /** The status; an erasure does not change it. */
    static JobStatus status(Existing state) {
        var end = beforeErasure(state);
        if (end instanceof Succeeded) {
            return JobStatus.SUCCEEDED;
        }
        if (end instanceof Failed) {
            return JobStatus.FAILED;
        }
        if (end instanceof Canceled) {
            return JobStatus.CANCELED;
        }
        if (end instanceof Expired) {
            return JobStatus.EXPIRED;
        }
        // A job that waits for its next task has not gone back to the queue.
        return state.record().isRunning() || state.record().tasks().isAny(JobTask::isDone)
                ? JobStatus.RUNNING
                : JobStatus.QUEUED;
    }

    private static String stage(Existing state) {
        if (state instanceof Erased) {
            return "erased";
        }
        if (state instanceof Ended) {
            return "done";
        }
        if (state.record().cancel() != null) {
            return "canceling";
        }
        if (state.record().isAvatar()) {
            return avatarStage(state.record());
        }
        var task = state.record().tasks().current();
        if (task.isUnderWay() || !task.plan().isFirst()) {
            return task.plan().stage();
        }
        return task.lastFailure() == null ? "accepted" : "retrying";
    }

    /** The stage of the first open task of the plan: a task makes only later ones due, so the stage never goes back. */
    private static String avatarStage(JobRecord record) {
        if (record.isHeld()) {
            return "held";
        }
        return record.hasStarted() ? record.tasks().open().get(0).plan().stage() : "accepted";
    }

    private static List<StoredImage> images(Existing state) {
        return state instanceof Succeeded succeeded ? succeeded.images() : List.of();
    }

    private static Job.@Nullable Enhancement enhancement(Existing state) {
        var enhancement = state.record().tasks().enhancement();
        return enhancement != null && state instanceof Erased ? enhancement.redacted() : enhancement;
    }

    /** When images and texts will be erased; null if the job has not ended or has no retention period. */
    static @Nullable Instant expiresAt(Existing state) {
        var retain = state.record().submission().request().terms().retain();
        return state instanceof Ended && retain != null ? state.since().plus(retain) : null;
    }

    private static @Nullable Failure error(Existing end) {
        if (end instanceof Failed failed) {
            return failed.error();
        }
        if (end instanceof Expired expired) {
            return expired.error();
        }
        var request = end.record().cancel();
        return end instanceof Canceled && request != null && request.by() == CanceledBy.DEADLINE
                ? DeadlineFailures.missedAfterStart(request)
                : null;
    }

    private static Job.@Nullable Cancel cancel(Existing state) {
        var request = state.record().cancel();
        if (request == null) {
            return null;
        }
        var end = beforeErasure(state);
        var reason = state instanceof Erased ? null : request.reason();
        if (end instanceof Canceled canceled) {
            return new Job.Cancel(
                    request.at(),
                    request.by(),
                    reason,
                    canceled.outcome(),
                    canceled.freedAfterMillis(),
                    canceled.freedBy());
        }
        var outcome = end instanceof Ended ? Job.Outcome.TOO_LATE : null;
        return new Job.Cancel(request.at(), request.by(), reason, outcome, null, null);
    }

    private static Existing beforeErasure(Existing state) {
        return state instanceof Erased erased ? erased.end() : state;
    }
}
