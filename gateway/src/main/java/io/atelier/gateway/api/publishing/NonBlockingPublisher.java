package io.atelier.gateway.api.publishing;

import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.PublishingFailed;
import java.util.concurrent.RejectedExecutionException;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Publishes without holding up an event loop: while no broker is known, the publisher may block its caller for a while. A client that goes
 * away does not take its record back.
 */
public final class NonBlockingPublisher implements Disposable {

    private static final int THREADS = 4;
    private static final int MOST_WAITING = 2_000;

    private final EventPublisher publisher;
    private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, MOST_WAITING, "publish");

    public NonBlockingPublisher(EventPublisher publisher) {
        this.publisher = publisher;
    }

    /** Completes when the brokers have the event for good. Fails with {@link PublishingFailed} only. */
    public Mono<Void> publish(JobEvent event) {
        return Mono.defer(() -> Mono.fromFuture(publisher.publish(event), true))
                .subscribeOn(threads)
                .onErrorMap(
                        RejectedExecutionException.class,
                        full -> new PublishingFailed("Too many events wait to be published", full));
    }

    @Override
    public void dispose() {
        threads.dispose();
    }
}
