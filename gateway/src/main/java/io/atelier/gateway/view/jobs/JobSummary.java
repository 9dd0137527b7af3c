package io.atelier.gateway.view.jobs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few fields of a job that lists and queues need. Its JSON is a subset of the job's, so that it can be read from either; a reader skips
 * the other fields.
 *
 * @param erasure set when the images and texts of the job were deleted; null before
 */
public record JobSummary(
        JobId id,
        JobStatus status,
        String stage,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        Request request,
        Job.@Nullable Erasure erasure) {

    public static JobSummary of(Job job) {
        var request = job.request();
        return new JobSummary(
                job.id(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                Request.of(request),
                job.erasure());
    }

    /** Whether the job has not ended. */
    @JsonIgnore
    public boolean isOpen() {
        return !status.terminal();
    }

    /** Whether lists contain the job. */
    @JsonIgnore
    boolean isListed() {
        return erasure == null;
    }

    /** The fields of the request that decide about routing and that lists filter by. */
    public record Request(
            String model,
            String engine,
            String pool,
            Map<String, String> labels,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Terms terms,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Avatar avatar) {

        /** The fields of a request. */
        public static Request of(GenerationRequest request) {
            return new Request(
                    request.model(),
                    request.engine(),
                    request.pool(),
                    request.labels(),
                    new Terms(request.terms().digest()),
                    request.avatar() == null
                            ? null
                            : new Avatar(request.avatar().images()));
        }

        public Request {
            labels = labels == null ? Map.of() : Map.copyOf(labels);
        }

        /** The digest of the request; null if it has none, or if the entry was written before summaries had it. */
        @Nullable
        String digest() {
            return terms == null ? null : terms.digest();
        }
    }

    /**
     * The part of an avatar that says that the job is one, of several tasks.
     *
     * @param images see {@link io.atelier.contract.job.AvatarSpec}
     */
    public record Avatar(int images) {}

    /** The part of the terms of the request by which equal requests are found. */
    public record Terms(@Nullable String digest) {}
}
