package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job.Enhancement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a job: what the lifecycle hears. Facts in the past tense, immutable, safe to hear twice.
 *
 * <p>What workers say of a task carries the attempt; an attempt older than the one under way changes nothing.
 */
public sealed interface JobEvent {

    JobId job();

    Instant at();

    /** The same for every repetition of the same fact, different for any other fact of the job. */
    @JsonIgnore
    String fingerprint();

    <R> R match(Cases<R> cases);

    /** One answer for each kind of event: the exhaustive switch that Java 17 lacks. */
    interface Cases<R> {
        R requested(GenerationRequested event);

        R started(TaskStarted event);

        R succeeded(TaskSucceeded event);

        R failed(TaskFailed event);

        R canceled(TaskCanceled event);

        R cancelRequested(CancelRequested event);

        R eraseRequested(EraseRequested event);

        R deadlinePassed(DeadlinePassed event);
    }

    /** What a worker says of a task it has. */
    sealed interface Report extends JobEvent {

        /** The task of the job that the report speaks of. */
        String task();

        /** The attempt at the task, from 1. */
        int attempt();
    }

    /**
     * A client's job was accepted, or the lifecycle ordered another attempt at it. This one record is both the fact and the order that a
     * generator worker takes.
     *
     * @param task names the task within its job
     * @param attempt the number of the first attempt under this order, from 1; a redelivery of the record counts up from it
     * @param maxAttempts the attempt after which the job is given up
     * @param notBefore the start of this attempt is put off until then, but no longer than its back-off, the lease being held; null for
     *     at once
     */
    record GenerationRequested(
            JobId job,
            String task,
            int attempt,
            int maxAttempts,
            Instant at,
            @Nullable Instant notBefore,
            GenerationRequest request)
            implements JobEvent {

        /** The same order for another request. */
        public GenerationRequested with(GenerationRequest other) {
            return new GenerationRequested(job, task, attempt, maxAttempts, at, notBefore, other);
        }

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/requested";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.requested(this);
        }
    }

    /** A worker took the task and begins. */
    record TaskStarted(JobId job, String task, int attempt, Instant at, Worker worker) implements Report {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/started";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.started(this);
        }
    }

    /**
     * A worker did the task, and all its pictures lie in the store.
     *
     * @param warnings what a person should know of the result, such as a tile that was left out
     * @param engineMillis how long the engine itself took; null if the pictures of an earlier delivery were found in the store
     * @param enhancement what came of the wish to better the prompt; null if there was none
     */
    record TaskSucceeded(
            JobId job,
            String task,
            int attempt,
            Instant at,
            Worker worker,
            List<StoredImage> images,
            List<Job.Warning> warnings,
            @Nullable Long engineMillis,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Enhancement enhancement)
            implements Report {

        public TaskSucceeded {
            images = List.copyOf(images);
            warnings = List.copyOf(warnings);
        }

        /** A task whose prompt was taken as it is. */
        public TaskSucceeded(
                JobId job,
                String task,
                int attempt,
                Instant at,
                Worker worker,
                List<StoredImage> images,
                List<Job.Warning> warnings,
                @Nullable Long engineMillis) {
            this(job, task, attempt, at, worker, images, warnings, engineMillis, null);
        }

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/succeeded";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.succeeded(this);
        }
    }

    /** A worker gave this attempt at the task up. */
    record TaskFailed(JobId job, String task, int attempt, Instant at, Worker worker, Failure failure)
            implements Report {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/failed";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.failed(this);
        }
    }

    /**
     * A worker left a task alone, or stopped working on it, because the job was canceled.
     *
     * @param freedAfterMillis from the worker's hearing of the cancellation to the device being idle; null if it is not known to be idle
     * @param freedBy what made it stop: {@code engine} (it heard the signal), {@code interrupt}, {@code restart}, {@code nothing} (it goes on),
     *     {@code unstarted} (the task was left alone); an open set
     */
    record TaskCanceled(
            JobId job,
            String task,
            int attempt,
            Instant at,
            Worker worker,
            @Nullable Long freedAfterMillis,
            String freedBy)
            implements Report {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/canceled";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.canceled(this);
        }
    }

    /**
     * Somebody wants the job to end, or the lifecycle says that it has ended. Workers that have a task of it stop; those that get one later
     * leave it alone. Of several only the first one counts.
     *
     * @param by who wants it
     * @param reason in the words of whoever asked; null if nothing was said
     * @param grace how long the engine may take to stop by itself
     */
    record CancelRequested(
            JobId job, Instant at, CanceledBy by, @Nullable String reason, Duration grace) implements JobEvent {

        @Override
        public String fingerprint() {
            return "cancel/requested";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.cancelRequested(this);
        }
    }

    /** Who ends a job before it is done. */
    enum CanceledBy {
        /** A client asked for it. */
        CLIENT,
        /** The client that waited for it went away, and had said that this ends the job. */
        DISCONNECT,
        /** The job is to be erased. */
        ERASURE,
        /** A deadline of the job passed. */
        DEADLINE;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A client wants everything that the job left to be erased: pictures, prompt, labels. Counts once the job has ended. */
    record EraseRequested(JobId job, Instant at) implements JobEvent {

        @Override
        public String fingerprint() {
            return "erase/requested";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.eraseRequested(this);
        }
    }

    /**
     * A moment came that the job has a say for. Time is heard like everything else, so that the same events give the same state whenever
     * they are read.
     *
     * @param at the moment itself, not when it was noticed
     */
    record DeadlinePassed(
            JobId job, Instant at, @JsonProperty("moment") DeadlineKind kind) implements JobEvent {

        @Override
        public String fingerprint() {
            return "moment/" + kind.word();
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.deadlinePassed(this);
        }
    }

    /** The moments of a job. */
    enum DeadlineKind {
        /** A job that no worker has begun is of no use any more. */
        START_BY,
        /** A job that has not ended is of no use any more. */
        COMPLETE_BY,
        /** A worker that was told to stop should have said that it did. */
        CANCEL_ANSWER,
        /** What the job left need not be kept any longer. */
        RETENTION,
        /** That there was such a job need not be remembered any longer. */
        MEMORY;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
