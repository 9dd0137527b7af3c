package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs to list, and in which order of their making.
 *
 * @param limit most jobs to list, from 1
 * @param newestFirst or oldest first
 * @param after lists what comes behind this place; null for from the start
 * @param before lists what comes before this place, and if {@code after} is null, what comes right before it; null for to the end
 * @param status null for any
 * @param model as the catalogue names it; null for any
 * @param labels which the jobs must all have
 * @param createdFrom the first moment of their making; null for any
 * @param createdBefore the first moment that is too late; null for any
 */
public record JobQuery(
        int limit,
        boolean newestFirst,
        @Nullable Cursor after,
        @Nullable Cursor before,
        @Nullable JobStatus status,
        @Nullable String model,
        Map<String, String> labels,
        @Nullable Instant createdFrom,
        @Nullable Instant createdBefore) {

    public JobQuery {
        labels = Map.copyOf(labels);
    }

    boolean hasConditions() {
        return status != null || model != null || !labels.isEmpty();
    }

    boolean allows(JobSummary job) {
        return (status == null || status == job.status())
                && (model == null || model.equals(job.request().model()))
                && job.request().labels().entrySet().containsAll(labels.entrySet());
    }

    /** The place of a job in a list, which it keeps: ids may be anything, so the time decides, and the id only between equals. */
    public record Cursor(Instant createdAt, JobId id) {

        public static Cursor of(Job job) {
            return new Cursor(job.createdAt(), job.id());
        }
    }
}
