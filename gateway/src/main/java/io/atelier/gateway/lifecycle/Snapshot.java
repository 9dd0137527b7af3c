package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.lifecycle.JobState.Canceled;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobState.Running;
import io.atelier.gateway.lifecycle.JobState.Succeeded;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The job as the world may see it in a state. */
final class Snapshot {

    private Snapshot() {}

    static Job of(Existing state, List<Job.Step> steps) {
        var record = state.record();
        var order = record.order();
        var status = status(state);
        boolean erased = state instanceof Erased;
        return new Job(
                order.job(),
                record.version(),
                status,
                stage(state),
                order.at(),
                record.startedAt(),
                status.terminal() ? end(state).since() : null,
                record.attempt(),
                order.maxAttempts(),
                erased ? record.request().redacted() : record.request(),
                state instanceof Running running ? running.worker() : null,
                images(state),
                erased ? List.of() : record.grids(),
                erased ? List.of() : record.warnings(),
                record.attemptFailures(),
                error(end(state)),
                record.engineMillis(),
                cancel(state),
                expiresAt(state),
                state instanceof Erased gone ? new Job.Erasure(gone.since(), gone.retentionEnded()) : null,
                steps,
                enhancement(state));
    }

    static Job.Step step(Existing state) {
        return new Job.Step(
                state.version(),
                PublicEvent.of(state).type(),
                status(state),
                stage(state),
                state.since(),
                state.record().attempt());
    }

    static JobStatus status(Existing state) {
        var end = end(state);
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
        return state instanceof Running || state.record().splitting() ? JobStatus.RUNNING : JobStatus.QUEUED;
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
        if (state.record().splitting()) {
            return "splitting";
        }
        if (state instanceof Running) {
            return "generating";
        }
        return state.record().lastFailure() == null ? "accepted" : "retrying";
    }

    private static List<StoredImage> images(Existing state) {
        return state instanceof Succeeded succeeded ? succeeded.images() : List.of();
    }

    private static Job.@Nullable Enhancement enhancement(Existing state) {
        var known = state.record().enhancement();
        return known != null && state instanceof Erased ? known.redacted() : known;
    }

    /** When the pictures and words are erased: a job that is kept for a time is, once it has ended. */
    static @Nullable Instant expiresAt(Existing state) {
        var retain = state.record().order().request().terms().retain();
        return state instanceof Ended && retain != null ? state.since().plus(retain) : null;
    }

    static @Nullable Failure error(Existing end) {
        if (end instanceof Failed failed) {
            return failed.error();
        }
        if (end instanceof Expired expired) {
            return expired.error();
        }
        var wish = end.record().cancel();
        return end instanceof Canceled canceled && canceled.byDeadline() && wish != null
                ? DeadlineFailures.missedAfterStart(wish)
                : null;
    }

    static Job.@Nullable Cancel cancel(Existing state) {
        var wish = state.record().cancel();
        if (wish == null) {
            return null;
        }
        var end = end(state);
        var reason = state instanceof Erased ? null : wish.reason();
        if (end instanceof Canceled canceled) {
            return new Job.Cancel(
                    wish.at(), wish.by(), reason, canceled.outcome(), canceled.freedAfterMillis(), canceled.freedBy());
        }
        var outcome = end instanceof Ended ? Job.Outcome.TOO_LATE : null;
        return new Job.Cancel(wish.at(), wish.by(), reason, outcome, null, null);
    }

    /** The state as it was before the erasure. */
    static Existing end(Existing state) {
        return state instanceof Erased erased ? erased.end() : state;
    }
}
