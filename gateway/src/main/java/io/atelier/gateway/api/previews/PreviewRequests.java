package io.atelier.gateway.api.previews;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.gateway.api.publishing.NonBlockingPublisher;
import io.atelier.messaging.PublishingFailed;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Requests previews of the jobs that clients of this gateway watch: once for each job, however many clients watch it, and again before a request expires.
 * Thread-safe.
 */
final class PreviewRequests {

    /** How long a request is valid; workers allow for at most twice as much. */
    static final Duration VALIDITY = Duration.ofSeconds(60);

    /** So that two requests in a row may be lost or late. */
    static final Duration INTERVAL = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(PreviewRequests.class);

    private final NonBlockingPublisher publisher;
    private final Clock clock;
    private final Scheduler timer;
    private final Map<JobId, Watch> watches = new HashMap<>();

    /** @param timer repeats the requests */
    PreviewRequests(NonBlockingPublisher publisher, Clock clock, Scheduler timer) {
        this.publisher = publisher;
        this.clock = clock;
        this.timer = timer;
    }

    /** The same stream; previews of the job are requested while it has a subscriber. */
    <T> Flux<T> during(JobId job, Flux<T> stream) {
        return Flux.using(() -> start(job), started -> stream, this::stop);
    }

    private synchronized JobId start(JobId job) {
        watches.computeIfAbsent(job, absent -> new Watch(repeat(job))).clients++;
        return job;
    }

    private synchronized void stop(JobId job) {
        watches.computeIfPresent(job, (key, watch) -> {
            if (--watch.clients > 0) {
                return watch;
            }
            watch.repetition.dispose();
            return null;
        });
    }

    private Disposable repeat(JobId job) {
        return timer.schedulePeriodically(
                () -> publish(job).subscribe(), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Mono<Void> publish(JobId job) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return publisher
                .publish(new PreviewsRequested(job, now, now.plus(VALIDITY)))
                .onErrorResume(PublishingFailed.class, failed -> {
                    LOG.warn("{}: previews were not requested: {}", job, failed.getMessage());
                    return Mono.empty();
                });
    }

    /** The clients that watch a job. */
    private static final class Watch {

        private final Disposable repetition;
        private int clients;

        Watch(Disposable repetition) {
            this.repetition = repetition;
        }
    }
}
