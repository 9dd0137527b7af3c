package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filters, order and page of a list of jobs.
 *
 * @param limit the largest number of jobs, at least 1
 * @param newestFirst whether jobs are ordered by falling {@code createdAt}; otherwise by rising
 * @param after lists the jobs after this cursor; null for from the start
 * @param before lists the jobs before this cursor, and if {@code after} is null, those right before it; null for to the end
 * @param status null for any
 * @param model its id in the catalogue; null for any
 * @param labels the job must have all of them
 * @param digest of the request, see {@link io.atelier.contract.job.GenerationRequest.Terms}; null for any
 * @param createdFrom the earliest {@code createdAt}, inclusive; null for any
 * @param createdBefore the latest {@code createdAt}, exclusive; null for any
 */
public record JobQuery(
        int limit,
        boolean newestFirst,
        @Nullable Cursor after,
        @Nullable Cursor before,
        @Nullable JobStatus status,
        @Nullable String model,
        Map<String, String> labels,
        @Nullable String digest,
        @Nullable Instant createdFrom,
        @Nullable Instant createdBefore) {

    public JobQuery {
        labels = Map.copyOf(labels);
    }

    boolean hasFilters() {
        return status != null || model != null || digest != null || !labels.isEmpty();
    }

    boolean matches(JobSummary job) {
        return (status == null || status == job.status())
                && (model == null || model.equals(job.request().model()))
                && (digest == null || digest.equals(job.request().digest()))
                && job.request().labels().entrySet().containsAll(labels.entrySet());
    }

    /** The position of a job in a list, which never changes. Ids need not be ordered by time, so the time decides, and the id only between equal times. */
    public record Cursor(Instant createdAt, JobId id) {

        public static Cursor of(Job job) {
            return new Cursor(job.createdAt(), job.id());
        }
    }
}
