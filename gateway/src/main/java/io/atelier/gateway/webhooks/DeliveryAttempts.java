package io.atelier.gateway.webhooks;

import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.atelier.messaging.WebhookDelivery.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * Makes attempts and publishes a record after each one, as often as needed until the brokers confirm it, so that no receiver gets a message
 * twice because Kafka was down for a while. Starts attempts without blocking; used by one thread.
 */
final class DeliveryAttempts implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryAttempts.class);
    private static final Retry UNTIL_PUBLISHED =
            Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1)).maxBackoff(Duration.ofSeconds(30));

    private final WebhookClient client;
    private final RetrySchedule schedule;
    private final EventPublisher publisher;
    private final WebhookMetrics metrics;
    private final Scheduler publishing = Schedulers.newSingle("webhook-publish", true);
    private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
    private Disposable.Composite started = Disposables.composite();
    private volatile boolean isStopping;

    DeliveryAttempts(WebhookClient client, RetrySchedule schedule, EventPublisher publisher, WebhookMetrics metrics) {
        this.client = client;
        this.schedule = schedule;
        this.publisher = publisher;
        this.metrics = metrics;
    }

    /**
     * The end of an attempt.
     *
     * @param id id of the delivery
     * @param attempt the attempt, whose record was published; null if it ended without one
     */
    record Ended(String id, @Nullable Attempt attempt) {}

    /** Starts an attempt. */
    void start(WebhookDelivery delivery) {
        subscribe(
                client.send(delivery)
                        // Connections are closed when the process stops; that says nothing about the receiver.
                        .filter(result -> !isStopping || result.attempt().httpStatus() != null)
                        .map(result -> schedule.after(delivery, result))
                        .doOnNext(this::report)
                        .flatMap(this::publish),
                delivery.id());
    }

    /** From now on an attempt that ends without a response has no record: the process stops, and the next sender makes the attempt again. */
    void stopping() {
        isStopping = true;
    }

    /** Publishes a record that no attempt made. */
    void publishOnly(WebhookDelivery record) {
        started.add(publish(record).subscribe());
    }

    /** The next attempt that has ended; empty if there is none. */
    Optional<Ended> pollEnded() {
        return Optional.ofNullable(ended.poll());
    }

    /** Ends all attempts without a record. */
    void cancel() {
        started.dispose();
        started = Disposables.composite();
        ended.clear();
    }

    @Override
    public void dispose() {
        started.dispose();
        publishing.dispose();
    }

    private void subscribe(Mono<WebhookDelivery> attempt, String id) {
        var subscriptions = started;
        var own = Disposables.swap();
        subscriptions.add(own);
        own.update(attempt.doFinally(signal -> subscriptions.remove(own))
                .map(record -> new Ended(id, lastOf(record)))
                .defaultIfEmpty(new Ended(id, null))
                .subscribe(ended::add, failure -> {
                    LOG.error("An attempt of the webhook delivery {} failed unexpectedly.", id, failure);
                    ended.add(new Ended(id, null));
                }));
    }

    private Mono<WebhookDelivery> publish(WebhookDelivery record) {
        return Mono.defer(() -> Mono.fromFuture(publisher.publish(record), true))
                // The publisher may block while no broker is known.
                .subscribeOn(publishing)
                .retryWhen(UNTIL_PUBLISHED)
                .thenReturn(record);
    }

    private void report(WebhookDelivery record) {
        metrics.attempted(record.status());
        if (record.status() == Status.FAILED) {
            LOG.warn(
                    "The webhook delivery {} of job {} to {} is given up after {} attempts: {}",
                    record.id(),
                    record.job(),
                    PlannedAttempt.host(record.url()),
                    record.attempts().size(),
                    lastOf(record).error());
        }
    }

    private static Attempt lastOf(WebhookDelivery record) {
        return record.attempts().get(record.attempts().size() - 1);
    }
}
