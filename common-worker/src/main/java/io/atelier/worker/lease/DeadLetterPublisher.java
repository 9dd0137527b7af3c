package io.atelier.worker.lease;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.Worker;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.lease.TaskQueue.TaskHeader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes dead letters for tasks that are given up, and reports tasks that are not started. Each method returns when the brokers have
 * confirmed all its records; only then may the task be accepted. Throws if they do not confirm. Safe to repeat.
 */
final class DeadLetterPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterPublisher.class);

    private final EventPublisher publisher;
    private final Worker worker;
    private final Clock clock;

    DeadLetterPublisher(EventPublisher publisher, Worker worker, Clock clock) {
        this.publisher = publisher;
        this.worker = worker;
        this.clock = clock;
    }

    /** Dead-letters a task whose attempts are used up, and reports it as failed. */
    void publishPoisoned(ConsumerRecord<String, byte[]> record, TaskHeader header, int attempt) {
        var reason = new Failure(
                Failure.Code.POISONED,
                "The task was given up after %d attempts: each ended without a report, so the task may have stopped its workers. Look at their logs before you send it again."
                        .formatted(header.maxAttempts()));
        LOG.warn(
                "Giving up {} of job {} ({}): {}",
                header.task(),
                header.job(),
                TaskRunner.position(record),
                reason.message());
        var at = clock.instant();
        // The report has the number of the last attempt that was made: the lifecycle knows no later one.
        var report = new JobEvent.TaskFailed(
                header.job(), header.task(), header.maxAttempts(), at, worker, reason, null, null, null);
        var deadLetter = deadLetter(record, header.task(), attempt, reason);
        CompletableFuture.allOf(publisher.publish(report), publisher.deadLetter(deadLetter))
                .join();
    }

    /** Reports a task as canceled that is not started because its job was canceled. */
    void reportUnstarted(TaskHeader header, int attempt) {
        LOG.info("Skipping {} of job {}: the job was canceled", header.task(), header.job());
        // No engine was started, so the device is free after 0 ms.
        publisher
                .publish(new JobEvent.TaskCanceled(
                        header.job(),
                        header.task(),
                        attempt,
                        clock.instant(),
                        worker,
                        0L,
                        "unstarted",
                        null,
                        null,
                        null))
                .join();
    }

    /** Dead-letters a record that contains no readable task. */
    void publishUnreadable(ConsumerRecord<String, byte[]> record, UnreadableRecord cause) {
        var reason = new Failure(
                Failure.Code.REQUEST_REJECTED,
                "The record is not a task that this version can read: " + cause.getMessage());
        LOG.warn("Rejecting {}: {}", TaskRunner.position(record), reason.message());
        int delivery = record.deliveryCount().map(Short::intValue).orElse(1);
        publisher.deadLetter(deadLetter(record, "", delivery, reason)).join();
    }

    private DeadLetter deadLetter(ConsumerRecord<String, byte[]> record, String task, int attempt, Failure reason) {
        var key = record.key() == null || record.key().isEmpty() ? "none" : record.key();
        var value = record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8);
        return new DeadLetter(
                key,
                task,
                attempt,
                clock.instant(),
                record.topic(),
                record.partition(),
                record.offset(),
                reason,
                value);
    }
}
