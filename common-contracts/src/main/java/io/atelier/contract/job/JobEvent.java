package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.atelier.contract.image.StoredImage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a job: what the lifecycle hears. Facts in the past tense, immutable, safe to hear twice.
 *
 * <p>What workers say of a task carries the attempt; an attempt older than the one under way changes nothing.
 */
public sealed interface JobEvent {

    JobId job();

    /** The task of the job that the event speaks of. */
    String task();

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
    }

    /**
     * A client's job was accepted, or the lifecycle ordered another attempt at it. This one record is both the fact and the order that a
     * generator worker takes.
     *
     * @param task names the task within its job
     * @param attempt the number of the first attempt under this order, from 1; a redelivery of the record counts up from it
     * @param maxAttempts the attempt after which the job is given up
     * @param notBefore the start of this attempt is put off until then, the lease being held; null for at once
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
    record TaskStarted(JobId job, String task, int attempt, Instant at, Worker worker) implements JobEvent {

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
     */
    record TaskSucceeded(
            JobId job,
            String task,
            int attempt,
            Instant at,
            Worker worker,
            List<StoredImage> images,
            List<Job.Warning> warnings,
            @Nullable Long engineMillis)
            implements JobEvent {

        public TaskSucceeded {
            images = List.copyOf(images);
            warnings = List.copyOf(warnings);
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
            implements JobEvent {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/failed";
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.failed(this);
        }
    }
}
