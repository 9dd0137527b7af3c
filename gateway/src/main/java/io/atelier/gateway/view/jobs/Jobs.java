package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.time.Duration;
import java.util.List;
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

    /**
     * A page of the jobs that were not erased. May take a second where few of many jobs meet the conditions, so not for an event loop; ends
     * early if its thread is interrupted.
     *
     * @throws JobsNotReady if the view has not caught up with the past
     */
    Page list(JobQuery query);

    /**
     * Completes when the view shows all that was written before this was asked for: what it does not show then was not there. Asks the
     * brokers once.
     *
     * <p>Fails with {@link JobsNotReady} if the brokers do not answer, or the view does not come that far, within the given time.
     */
    Mono<Void> caughtUp(Duration within);

    /** Whether the view has caught up and can be trusted to know the jobs of the past. */
    boolean ready();

    /**
     * A part of a list.
     *
     * @param jobs in the order asked for
     * @param more whether there are others beyond, in the direction asked for
     */
    record Page(List<Job> jobs, boolean more) {

        public Page {
            jobs = List.copyOf(jobs);
        }
    }
}
