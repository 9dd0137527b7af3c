package io.atelier.gateway;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.lifecycle.PublishedJobs;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.queue.Backlog;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The view, for the comparison of published states with those of the lifecycle. Neither of the two parts knows the other one, so it belongs to the
 * application. Thread-safe.
 */
public final class JobsInView implements PublishedJobs {

    private final Jobs jobs;
    private final Backlog backlog;

    public JobsInView(Jobs jobs, Backlog backlog) {
        this.jobs = jobs;
        this.backlog = backlog;
    }

    @Override
    public boolean ready() {
        return jobs.ready();
    }

    @Override
    public Map<JobId, Instant> open() {
        return backlog.open();
    }

    @Override
    public Optional<Job> find(JobId job) {
        try {
            return jobs.find(job);
        } catch (JobsNotReady e) {
            throw new IllegalStateException("The view of jobs has not caught up.", e);
        }
    }
}
