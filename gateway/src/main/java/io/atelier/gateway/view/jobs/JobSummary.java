package io.atelier.gateway.view.jobs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The few things of a job that lists and queues ask for. Its JSON is a part of the job's, so that it can be read from either, and reading it
 * skips all else.
 *
 * @param erasure that its pictures and words are gone; null if they are not
 */
public record JobSummary(
        JobId id,
        JobStatus status,
        String stage,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        Wanted request,
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
                new Wanted(request.model(), request.engine(), request.pool(), request.labels()),
                job.erasure());
    }

    /** Whether somebody still has to do something for it. */
    @JsonIgnore
    public boolean isOpen() {
        return !status.terminal();
    }

    /** Whether clients see it in lists. */
    @JsonIgnore
    boolean isListed() {
        return erasure == null;
    }

    /** What was asked for, as far as it decides who does it and who looks for it. */
    public record Wanted(String model, String engine, String pool, Map<String, String> labels) {

        public Wanted {
            labels = labels == null ? Map.of() : Map.copyOf(labels);
        }
    }
}
