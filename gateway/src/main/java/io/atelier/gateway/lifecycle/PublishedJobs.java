package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a reader of the topic {@code jobs} knows of the published states. The lifecycle only compares them with its own. Thread-safe. */
public interface PublishedJobs {

    /** Knows no jobs. */
    PublishedJobs NONE = new PublishedJobs() {
        @Override
        public boolean ready() {
            return false;
        }

        @Override
        public Map<JobId, Instant> open() {
            return Map.of();
        }

        @Override
        public Optional<Job> find(JobId job) {
            return Optional.empty();
        }
    };

    /** Whether all states that the topic contains have been read. The other methods may be called only then. */
    boolean ready();

    /** The jobs that have not ended, each with the time at which it was accepted. */
    Map<JobId, Instant> open();

    /**
     * The last state of a job that was read; empty if there is none.
     *
     * @throws IllegalStateException if not all states have been read
     */
    Optional<Job> find(JobId job);
}
