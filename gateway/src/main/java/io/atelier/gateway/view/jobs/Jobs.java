package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All jobs in the view of this gateway. Reads take microseconds and never wait for the network. */
public interface Jobs {

    /**
     * The present state of the job; empty if this view does not show it (yet).
     *
     * @throws JobsNotReady if the view has not caught up with its topic since the start
     */
    Optional<Job> find(JobId id);

    /**
     * Shows a job that this gateway has accepted, from now on, until the topic brings it. No effect if the view shows it already.
     *
     * @param job version 1, as the lifecycle will publish it: no other request may have made a job of this id
     * @return whether readers of this view find the job now; otherwise {@link #await} it
     */
    boolean accept(Job job);

    /** The job as soon as the view shows it with at least this version; completes empty after the timeout. */
    Mono<Job> await(JobId id, int version, Duration timeout);

    /**
     * The present state of the job, if the view shows it, then each later state as it arrives, with rising versions. A slow subscriber misses
     * states, but never the last one, whose {@link Job#history()} lists those between. Completes when the view is closed. Fails with {@link
     * JobsNotReady} if the view has not caught up with its topic since the start.
     */
    Flux<Job> follow(JobId id);

    /**
     * A page of the jobs that were not erased. Waits until the topic has brought those that were accepted before, for a second at most. May take
     * another second where few of many jobs match, so do not call it on an event loop; returns
     * early if its thread is interrupted.
     *
     * @throws JobsNotReady if the view has not caught up with its topic since the start
     */
    Page list(JobQuery query);

    /**
     * Completes when the view shows everything that was written before this call. Sends one request to the brokers.
     *
     * <p>Fails with {@link JobsNotReady} if the brokers do not answer, or the view has not caught up, within the timeout.
     */
    Mono<Void> caughtUp(Duration timeout);

    /** Whether the view has caught up with its topic since the start, so that it shows all jobs. */
    boolean ready();

    /**
     * A page of a list.
     *
     * @param jobs in the requested order
     * @param more whether there are more jobs after these, in the direction of the query
     */
    record Page(List<Job> jobs, boolean more) {

        public Page {
            jobs = List.copyOf(jobs);
        }
    }
}
