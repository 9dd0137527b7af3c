package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the world hears of a job on the topic {@code events}: the public contract, one event for each version of the job, without gaps.
 *
 * <p>Each is the JSON data of a CloudEvent whose type is {@link #type()} and whose sequence is {@link #version()}. Delivery is at least
 * once: tell repetitions apart by id and version.
 */
public sealed interface GenerationEvent {

    JobId id();

    int version();

    JobStatus status();

    String stage();

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

    /** A worker began an attempt. */
    record Started(JobId id, int version, JobStatus status, String stage, Instant at, int attempt, Worker worker)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.started.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * An attempt failed and another one was ordered.
     *
     * @param notBefore its start is put off until then, but no longer than its back-off; null for at once
     * @param model that is asked instead; null if it is the same as before
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

    /** The grids lie in the store and wait to be cut. */
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

    /** All pictures lie in the store and can be fetched. Terminal. */
    record Succeeded(JobId id, int version, JobStatus status, String stage, Instant at, Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.succeeded.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** The job was given up. Terminal. */
    record Failed(JobId id, int version, JobStatus status, String stage, Instant at, Failure error, Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.failed.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** A worker has the job and was asked to stop. */
    record CancelRequested(JobId id, int version, JobStatus status, String stage, Instant at, Job.Cancel cancel)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.cancel-requested.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /**
     * The job was ended before it was done. Terminal.
     *
     * @param cancel who wanted it, and what came of it
     * @param error why, if it was not a client's wish: {@code deadline-exceeded}
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

    /** No worker began the job in time. Terminal. */
    record Expired(JobId id, int version, JobStatus status, String stage, Instant at, Failure error, Job job)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.expired.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** The pictures and the client's words are no longer to be kept: whoever has a copy of them should drop it. The status stays. */
    record Erased(JobId id, int version, JobStatus status, String stage, Instant at, Job.Erasure erasure)
            implements GenerationEvent {
        public static final String TYPE = "io.atelier.generation.erased.v1";

        @Override
        public String type() {
            return TYPE;
        }
    }
}
