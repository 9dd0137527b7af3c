package io.atelier.gateway.api.submission;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.CancellationService;
import io.atelier.gateway.api.generations.JobLookup;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.submission.JobSubmissionService.AcceptedJob;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Cancels the job of a client that disconnects before the job has ended. */
public final class DisconnectWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(DisconnectWatcher.class);

    private final JobLookup lookup;
    private final CancellationService cancellations;

    public DisconnectWatcher(JobLookup lookup, CancellationService cancellations) {
        this.lookup = lookup;
        this.cancellations = cancellations;
    }

    /** A task that cancels the job at its first run, also a job that is still being accepted. Later runs do nothing. */
    public Runnable cancelOnce(Mono<AcceptedJob> accepted) {
        var hasRun = new AtomicBoolean();
        return () -> {
            if (hasRun.compareAndSet(false, true)) {
                accepted.flatMap(one -> cancel(one.job()))
                        .subscribe(
                                job -> {},
                                failure -> LOG.warn(
                                        "A job continues after its client disconnected, because its cancellation failed: {}",
                                        failure.toString()));
            }
        };
    }

    private Mono<Job> cancel(Job job) {
        // The job may have ended since it was accepted, or the view may not show it yet.
        return lookup.findIncludingErased(job.id().value())
                .onErrorReturn(Problem.class, job)
                .flatMap(current ->
                        cancellations.cancel(current, CanceledBy.DISCONNECT, null, CancellationService.DEFAULT_GRACE));
    }
}
