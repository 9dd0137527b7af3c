package io.atelier.gateway.api.generations;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.view.jobs.Jobs;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Publishes a cancellation or erasure request and waits briefly for the new job state. Idempotent: only the first request of a job is
 * published. Thread-safe.
 */
public final class CancellationService {

    private static final Logger LOG = LoggerFactory.getLogger(CancellationService.class);

    /** The grace period for an engine to stop on its own, if the client does not set one. */
    public static final Duration DEFAULT_GRACE = Duration.parse(RequestLimits.DEFAULT_CANCEL_GRACE);

    private final NonBlockingPublisher publisher;
    private final Jobs jobs;
    private final Duration answerTimeout;
    private final Clock clock;

    public CancellationService(NonBlockingPublisher publisher, Jobs jobs, Duration answerTimeout, Clock clock) {
        this.publisher = publisher;
        this.jobs = jobs;
        this.answerTimeout = answerTimeout;
        this.clock = clock;
    }

    /**
     * Cancels a job. Gives the new state: canceled if the job was queued, with a cancellation request if a worker runs it, unchanged if it had
     * ended. Fails with {@link io.atelier.messaging.PublishingFailed} if the brokers did not confirm.
     *
     * @param reason in the client's own words; null if it gives none
     * @param grace the grace period for the engine to stop on its own
     */
    public Mono<Job> cancel(Job job, CanceledBy by, @Nullable String reason, Duration grace) {
        if (job.status().terminal() || job.cancel() != null) {
            return Mono.just(job);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return publisher
                .publish(new CancelRequested(job.id(), now, by, reason, grace))
                .then(awaitState(job, later -> later.status().terminal() || later.cancel() != null));
    }

    /** Cancels the job if it has not ended, and erases it once it has. Gives the new state. */
    public Mono<Job> erase(Job job) {
        if (job.erasure() != null) {
            return Mono.just(job);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var end = job.status().terminal()
                ? Mono.<Void>empty()
                : publisher.publish(new CancelRequested(job.id(), now, CanceledBy.ERASURE, null, DEFAULT_GRACE));
        return end.then(publisher.publish(new EraseRequested(job.id(), now)))
                .then(awaitState(job, later -> later.erasure() != null));
    }

    /**
     * Erases the job of an image that a client has received. Goes on when the client disconnects; a failure is only logged, because the response is
     * complete. Begins when it is called.
     *
     * @param onEnd called when the erasure is shown, or has failed, or was awaited in vain
     */
    public Mono<Void> eraseSent(Job job, Runnable onEnd) {
        var erasure = erase(job)
                .then()
                .onErrorResume(failure -> {
                    LOG.warn(
                            "The image of {} was sent, but its erasure was not published: {}",
                            job.id(),
                            failure.toString());
                    return Mono.<Void>empty();
                })
                .doFinally(end -> onEnd.run())
                .cache();
        erasure.subscribe();
        return erasure;
    }

    /** The first later state that matches, or the latest one when the timeout ends. */
    private Mono<Job> awaitState(Job job, Predicate<Job> matches) {
        return Mono.defer(() -> nextState(job, matches))
                .take(answerTimeout)
                .defaultIfEmpty(job)
                .map(last -> jobs.find(job.id()).orElse(last));
    }

    private Mono<Job> nextState(Job known, Predicate<Job> matches) {
        return jobs.await(known.id(), known.version() + 1, answerTimeout)
                .flatMap(next -> matches.test(next) ? Mono.just(next) : nextState(next, matches));
    }
}
