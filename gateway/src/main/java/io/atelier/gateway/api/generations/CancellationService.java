package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.gateway.view.jobs.Jobs;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Says that somebody wants a job to end, and shows what came of it as far as that is known soon. Everything can be asked for again: only
 * the first time counts.
 */
public final class CancellationService {

    /** How long an engine may take to stop by itself, unless the client says. */
    public static final Duration GRACE = Duration.ofSeconds(5);

    private final NonBlockingPublisher publishing;
    private final Jobs jobs;
    private final Duration answerTimeout;
    private final Clock clock;

    public CancellationService(NonBlockingPublisher publishing, Jobs jobs, Duration answerTimeout, Clock clock) {
        this.publishing = publishing;
        this.jobs = jobs;
        this.answerTimeout = answerTimeout;
        this.clock = clock;
    }

    /**
     * Asks for the end of a job. The job as it then stands: canceled if nobody had it, asked to stop if a worker has it, unchanged if it
     * had ended. Fails with {@link io.atelier.messaging.PublishingFailed} if the brokers did not confirm.
     *
     * @param reason in the client's words; null if it has none
     * @param grace how long the engine may take to stop by itself
     */
    public Mono<Job> cancel(Job job, CanceledBy by, @Nullable String reason, Duration grace) {
        if (job.status().terminal() || job.cancel() != null) {
            return Mono.just(job);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return publishing
                .publish(new CancelRequested(job.id(), now, by, reason, grace))
                .then(shown(job, later -> later.status().terminal() || later.cancel() != null));
    }

    /** Asks for the job to be erased, once it has ended, and for its end. The job as it then stands. */
    Mono<Job> erase(Job job) {
        if (job.erasure() != null) {
            return Mono.just(job);
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var end = job.status().terminal()
                ? Mono.<Void>empty()
                : publishing.publish(new CancelRequested(job.id(), now, CanceledBy.ERASURE, null, GRACE));
        return end.then(publishing.publish(new EraseRequested(job.id(), now)))
                .then(shown(job, later -> later.erasure() != null));
    }

    /** The first later state that answers, or the last one that came in time. */
    private Mono<Job> shown(Job job, Predicate<Job> answers) {
        return Mono.defer(() -> later(job, answers))
                .take(answerTimeout)
                .defaultIfEmpty(job)
                .map(last -> jobs.find(job.id()).orElse(last));
    }

    private Mono<Job> later(Job known, Predicate<Job> answers) {
        return jobs.await(known.id(), known.version() + 1, answerTimeout)
                .flatMap(next -> answers.test(next) ? Mono.just(next) : later(next, answers));
    }
}
