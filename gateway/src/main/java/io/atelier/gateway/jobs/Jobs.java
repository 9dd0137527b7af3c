package io.atelier.gateway.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All jobs that this gateway knows of, as its own view shows them. Reads cost microseconds and never block for the network. */
public interface Jobs {

    /**
     * The job as it stands; empty if this view does not show it (yet).
     *
     * @throws JobsNotReady if the view has not caught up with the past
     */
    Optional<Job> find(JobId id);

    /** The job as soon as the view shows it with at least this version; completes empty if it does not within the given time. */
    Mono<Job> await(JobId id, int version, Duration within);

    /**
     * The job as it stands, if the view shows it, then each later state as it arrives, with rising versions. A reader that is slow misses
     * states, but never the last one: {@link Job#history()} tells of those between. Completes when the view is closed. Fails with {@link
     * JobsNotReady} if the view has not caught up with the past.
     */
    Flux<Job> follow(JobId id);

    /** Whether the view has caught up and can be trusted to know the jobs of the past. */
    boolean ready();
}
