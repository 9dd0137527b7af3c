package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobState.Known;
import io.atelier.gateway.lifecycle.JobState.Queued;
import io.atelier.gateway.lifecycle.JobState.Running;
import io.atelier.gateway.lifecycle.JobState.Succeeded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the world is told of one state: the job as it now stands, the event of its version, and the order that is due. A function of the
 * state alone, so that telling it again tells the same.
 *
 * @param eventId the CloudEvents id: the same for every repetition
 */
record Announcement(
        Job job,
        GenerationEvent event,
        String eventId,
        Optional<GenerationRequested> generate,
        Optional<SplitRequested> split) {

    static Announcement of(Known state) {
        var job = job(state);
        return new Announcement(job, event(state, job), eventId(state, job), generateOrder(state), splitOrder(state));
    }

    private static Job job(Known state) {
        var course = state.course();
        var order = course.order();
        var status = status(state);
        return new Job(
                order.job(),
                course.version(),
                status,
                stage(state),
                order.at(),
                course.startedAt(),
                status.terminal() ? state.since() : null,
                course.attempt(),
                order.maxAttempts(),
                order.request(),
                state instanceof Running running ? running.worker() : null,
                images(state),
                course.grids(),
                course.warnings(),
                course.attemptFailures(),
                state instanceof Failed failed ? failed.error() : null,
                course.engineMillis());
    }

    private static JobStatus status(Known state) {
        if (state instanceof Succeeded) {
            return JobStatus.SUCCEEDED;
        }
        if (state instanceof Failed) {
            return JobStatus.FAILED;
        }
        return state instanceof Running || state.course().splitting() ? JobStatus.RUNNING : JobStatus.QUEUED;
    }

    private static String stage(Known state) {
        if (state instanceof Succeeded || state instanceof Failed) {
            return "done";
        }
        if (state.course().splitting()) {
            return "splitting";
        }
        if (state instanceof Running) {
            return "generating";
        }
        return state.course().lastFailure() == null ? "accepted" : "retrying";
    }

    private static List<StoredImage> images(Known state) {
        return state instanceof Succeeded succeeded ? succeeded.images() : List.of();
    }

    private static GenerationEvent event(Known state, Job job) {
        JobId id = job.id();
        int version = job.version();
        if (state instanceof Succeeded) {
            return new GenerationEvent.Succeeded(id, version, job.status(), job.stage(), state.since(), job);
        }
        if (state instanceof Failed failed) {
            return new GenerationEvent.Failed(
                    id, version, job.status(), job.stage(), state.since(), failed.error(), job);
        }
        if (state instanceof Running running) {
            Worker worker = running.worker();
            return new GenerationEvent.Started(
                    id, version, job.status(), job.stage(), state.since(), job.attempt(), worker);
        }
        return queuedEvent(state, job);
    }

    private static GenerationEvent queuedEvent(Known state, Job job) {
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

    /** The first attempt needs no order: the client's own request is the one that workers take. */
    private static Optional<GenerationRequested> generateOrder(Known state) {
        var course = state.course();
        if (!(state instanceof Queued) || course.splitting() || course.attempt() == 1) {
            return Optional.empty();
        }
        var first = course.order();
        return Optional.of(new GenerationRequested(
                first.job(),
                first.task(),
                course.attempt(),
                first.maxAttempts(),
                state.since(),
                course.notBefore(),
                first.request()));
    }

    private static Optional<SplitRequested> splitOrder(Known state) {
        var course = state.course();
        if (!(state instanceof Queued) || !course.splitting()) {
            return Optional.empty();
        }
        var first = course.order();
        return Optional.of(new SplitRequested(
                first.job(),
                Course.SPLIT,
                course.attempt(),
                first.maxAttempts(),
                state.since(),
                course.notBefore(),
                Objects.requireNonNull(first.request().grid()),
                course.grids()));
    }

    /** A UUID of version 7 whose time is the event's and whose other bits come from the job and its version: no chance, so no second id. */
    private static String eventId(Known state, Job job) {
        var digest = ByteBuffer.wrap(sha256(job.id() + "/" + job.version()));
        long high = (state.since().toEpochMilli() << 16) | 0x7000L | (digest.getLong() & 0xFFFL);
        long low = 0x8000_0000_0000_0000L | (digest.getLong() & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(high, low).toString();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
