package io.atelier.gateway.api.submission;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Ends the jobs of clients that went away before the end and had said that this ends the job. */
public final class DisconnectWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(DisconnectWatcher.class);

    private final JobLookup generations;
    private final CancellationService cancellations;

    public DisconnectWatcher(JobLookup generations, CancellationService cancellations) {
        this.generations = generations;
        this.cancellations = cancellations;
    }

    /**
     * What to do when the client goes away: once, however often that is noticed. A job that is just being accepted is ended, too.
     *
     * @param matters whether anything is to be done
     */
    Runnable watch(boolean matters, Mono<AcceptedJob> accepted) {
        var noticed = new AtomicBoolean(!matters);
        return () -> {
            if (noticed.compareAndSet(false, true)) {
                accepted.flatMap(one -> end(one.job()))
                        .subscribe(
                                job -> {},
                                failure ->
                                        LOG.warn("A job goes on though its client went away: {}", failure.toString()));
            }
        };
    }

    private Mono<Job> end(Job job) {
        // It may have ended since it was accepted, or not be shown yet.
        return generations
                .findErasedToo(job.id().value())
                .onErrorReturn(Problem.class, job)
                .flatMap(present ->
                        cancellations.cancel(present, CanceledBy.DISCONNECT, null, CancellationService.GRACE));
    }
}
