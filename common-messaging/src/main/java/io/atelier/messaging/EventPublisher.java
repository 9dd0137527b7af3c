package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerCommand;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes events, tasks, dead letters and deliveries to webhooks to Kafka: what must not be lost, in the order of the calls.
 *
 * <p>A returned future completes when all in-sync replicas have the record ({@code acks=all}). It fails with {@link PublishingFailed} if the
 * brokers do not confirm in time; the record may still have been written. Readers must therefore tolerate duplicates.
 *
 * <p>Thread-safe. A call blocks for at most {@code io.atelier.messaging.metadata-timeout}.
 */
public interface EventPublisher {

    /** Publishes an event, with the job's id as key, to the topic that {@link Topic#of} returns. */
    CompletableFuture<Void> publish(JobEvent event);

    /** Publishes a task for splitter workers. */
    CompletableFuture<Void> publish(SplitRequested task);

    /** Publishes a request to all workers. */
    CompletableFuture<Void> publish(WorkerCommand command);

    /** Publishes the record of a leased task again, for other workers. */
    CompletableFuture<Void> forward(ForwardedTask task);

    /** Publishes a task that was given up, with the reason, for operators. */
    CompletableFuture<Void> deadLetter(DeadLetter deadLetter);

    /** Publishes the state of a delivery, with its id as key. */
    CompletableFuture<Void> publish(WebhookDelivery delivery);
}
