package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A public event of a job on the topic {@code events}: one event for each version of the job, without gaps.
 *
 * <p>Each event is the JSON data of a CloudEvent whose type is {@link #type()} and whose sequence is {@link #version()}. Delivery is at
 * least once; subscribers detect duplicates by job id and version.
 */
public sealed interface GenerationEvent {

    /** The id of the job. */
    JobId id();

    /** The version of the job, from 1. */
    int version();

    JobStatus status();

    /** The stage of the job, see {@link Job#stage}. */
    String stage();

    /** When the job reached this version. */
    Instant at();

    /** The CloudEvents type, such as {@code io.atelier.generation.succeeded.v1}. */
    @JsonIgnore
    String type();

    /** The job was accepted and waits for a worker. */
    record Accepted(JobId id, int version, JobStatus status, String stage, Instant at, GenerationRequest request)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.accepted.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** A worker started an attempt. */
    record Started(JobId id, int version, JobStatus status, String stage, Instant at, int attempt, Worker worker)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.started.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * An attempt failed, and the lifecycle requested another one.
     *
     * @param attempt number of the next attempt
     * @param notBefore earliest start of the next attempt; null for at once. Workers wait no longer than the back-off of the attempt
     * @param cause failure of the previous attempt
     * @param model fallback model of the next attempt; null if the model stays the same
     */
    record RetryScheduled(
            JobId id,
            int version,
            JobStatus status,
            String stage,
            Instant at,
            int attempt,
            @Nullable Instant notBefore,
            Failure cause,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String model)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.retry-scheduled.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** The grids are stored and wait for a splitter worker. */
    record Splitting(JobId id, int version, JobStatus status, String stage, Instant at, List<StoredImage> grids)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.splitting.v1";

        public Splitting {
            grids = List.copyOf(grids);
        }

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * A task of the job ended or started, and others go on or follow. Only jobs with several tasks at once have it.
     *
     * @param stages see {@link Job#stages}
     */
    record Advanced(JobId id, int version, JobStatus status, String stage, Instant at, List<Job.Stage> stages)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.advanced.v1";

        public Advanced {
            stages = List.copyOf(stages);
        }

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** All images are stored and can be fetched. Terminal. */
    record Succeeded(JobId id, int version, JobStatus status, String stage, Instant at, Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.succeeded.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** The job failed. Terminal. */
    record Failed(JobId id, int version, JobStatus status, String stage, Instant at, Failure error, Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.failed.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** A cancellation was requested while a worker holds the task. */
    record CancelRequested(JobId id, int version, JobStatus status, String stage, Instant at, Job.Cancel cancel)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.cancel-requested.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * The job was canceled. Terminal.
     *
     * @param cancel who canceled the job, and the outcome
     * @param error {@code deadline-exceeded} if a deadline canceled the job; null if a client did
     */
    record Canceled(
            JobId id,
            int version,
            JobStatus status,
            String stage,
            Instant at,
            Job.Cancel cancel,
            @Nullable Failure error,
            Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.canceled.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** No worker started the job before its deadline. Terminal. */
    record Expired(JobId id, int version, JobStatus status, String stage, Instant at, Failure error, Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.expired.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** The images and the texts of the client are erased; subscribers should delete their copies. The status does not change. */
    record Erased(JobId id, int version, JobStatus status, String stage, Instant at, Job.Erasure erasure)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.erased.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }
}
