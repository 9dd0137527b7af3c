package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes events, tasks, heartbeats and dead letters to Kafka.
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

    /** Publishes progress without confirmation: the record may be lost. */
    void publish(TaskProgress progress);

    /** Publishes a heartbeat of a worker. */
    CompletableFuture<Void> publish(WorkerAnnounced worker);

    /** Publishes a task that was given up, with the reason, for operators. */
    CompletableFuture<Void> deadLetter(DeadLetter deadLetter);
}
