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
 * Ends orders that nobody will work on again: buries them, or leaves them alone. Returns once the brokers have the letter, and the report if
 * there is a job to report on; until then the order must be kept. Safe to do twice.
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

    /** Reports a task whose attempts are used up as failed: not one of them lived to report it. */
    void publishPoisoned(ConsumerRecord<String, byte[]> taken, TaskHeader ticket, int attempt) {
        var reason = new Failure(
                Failure.Code.POISONED,
                "The task was given up after %d attempts: each ended without a report, so it may be what stopped the workers. Look at their logs before you send it again."
                        .formatted(ticket.maxAttempts()));
        LOG.warn(
                "Giving up {} of job {} ({}): {}",
                ticket.task(),
                ticket.job(),
                TaskRunner.name(taken),
                reason.message());
        var at = clock.instant();
        // The report names the last attempt that was made; the lifecycle knows of no later one.
        var report = new JobEvent.TaskFailed(ticket.job(), ticket.task(), ticket.maxAttempts(), at, worker, reason);
        CompletableFuture.allOf(
                        publisher.publish(report), publisher.deadLetter(letter(taken, ticket.task(), attempt, reason)))
                .join();
    }

    /** Reports a task that is left alone, since its job was canceled: nothing was begun here, so nothing had to become free. */
    void reportUnstarted(TaskHeader ticket, int attempt) {
        LOG.info("Leaving {} of job {} alone: the job was canceled", ticket.task(), ticket.job());
        publisher
                .publish(new JobEvent.TaskCanceled(
                        ticket.job(), ticket.task(), attempt, clock.instant(), worker, 0L, "unstarted"))
                .join();
    }

    /** Keeps what could not be read, with the reason. */
    void publishUnreadable(ConsumerRecord<String, byte[]> taken, UnreadableRecord cause) {
        var reason = new Failure(
                Failure.Code.REQUEST_REJECTED,
                "The record holds no order that this version can read: " + cause.getMessage());
        LOG.warn("Rejecting {}: {}", TaskRunner.name(taken), reason.message());
        int delivery = taken.deliveryCount().map(Short::intValue).orElse(1);
        publisher.deadLetter(letter(taken, "", delivery, reason)).join();
    }

    private DeadLetter letter(ConsumerRecord<String, byte[]> taken, String task, int attempt, Failure reason) {
        var key = taken.key() == null || taken.key().isEmpty() ? "none" : taken.key();
        var value = taken.value() == null ? "" : new String(taken.value(), StandardCharsets.UTF_8);
        return new DeadLetter(
                key, task, attempt, clock.instant(), taken.topic(), taken.partition(), taken.offset(), reason, value);
    }
}
