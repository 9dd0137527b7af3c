package io.atelier.gateway.api.publishing;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.PublishingFailed;
import io.atelier.messaging.WebhookDelivery;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Publishes on threads of its own, because the publisher may block its caller while no broker is known. Publishing continues when the
 * subscriber cancels, such as when the client disconnects. Thread-safe.
 */
public final class NonBlockingPublisher implements Disposable {

    private static final int THREADS = 4;
    private static final int MAX_QUEUED = 2_000;

    private final EventPublisher publisher;
    private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, MAX_QUEUED, "publish");

    public NonBlockingPublisher(EventPublisher publisher) {
        this.publisher = publisher;
    }

    /** Completes when the brokers have confirmed the event. Fails with {@link PublishingFailed} only. */
    public Mono<Void> publish(JobEvent event) {
        return onThreads(() -> publisher.publish(event));
    }

    /** Completes when the brokers have confirmed the state of the delivery. Fails with {@link PublishingFailed} only. */
    public Mono<Void> publish(WebhookDelivery delivery) {
        return onThreads(() -> publisher.publish(delivery));
    }

    /** Completes when the brokers have confirmed the request to the workers. Fails with {@link PublishingFailed} only. */
    public Mono<Void> publish(WorkerCommand command) {
        return onThreads(() -> publisher.publish(command));
    }

    private Mono<Void> onThreads(Supplier<CompletableFuture<Void>> publishing) {
        return Mono.defer(() -> Mono.fromFuture(publishing.get(), true))
                .subscribeOn(threads)
                .onErrorMap(
                        RejectedExecutionException.class,
                        full -> new PublishingFailed(
                                "Not published: %d events are waiting already".formatted(MAX_QUEUED), full));
    }

    @Override
    public void dispose() {
        threads.dispose();
    }
}
