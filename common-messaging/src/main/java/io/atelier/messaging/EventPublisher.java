package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.util.concurrent.CompletableFuture;

/**
 * Port: says facts and orders to the other parts. What comes back completes once the brokers have the record for good (acks=all), or
 * fails with {@link PublishingFailed}; then it may still have been written, so everything published is safe to hear twice.
 *
 * <p>Thread-safe; never blocks for longer than the configured time to find a broker.
 */
public interface EventPublisher {

    /** Publishes to the topic that the kind of event belongs to, keyed by the job. */
    CompletableFuture<Void> publish(JobEvent event);

    /** Orders a split. */
    CompletableFuture<Void> publish(SplitRequested order);

    /** Tells how far a task is. Lossy: nobody waits for the answer. */
    void publish(TaskProgress progress);

    /** Tells who works here. */
    CompletableFuture<Void> publish(WorkerAnnounced worker);

    /** Keeps a record for people to look at, as it came, with the reason why nobody will work on it again. */
    CompletableFuture<Void> deadLetter(DeadLetter letter);
}
