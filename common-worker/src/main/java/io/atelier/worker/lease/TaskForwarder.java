package io.atelier.worker.lease;

import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.PublishingFailed;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.lease.TaskPlacement.Forwarding;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes tasks on that are not for this worker. A released record would come back at once and count as an attempt, so a copy of it is published,
 * and the record itself is accepted. A worker that ends in between leaves two records, so the task may run twice, as after any lost lease.
 *
 * @param <T> the type of the tasks
 */
final class TaskForwarder<T> {

    private static final Logger LOG = LoggerFactory.getLogger(TaskForwarder.class);

    private final EventPublisher publisher;
    private final TaskPlacement<T> placement;

    TaskForwarder(EventPublisher publisher, TaskPlacement<T> placement) {
        this.publisher = publisher;
        this.placement = placement;
    }

    /** Where the task of a record goes; empty if this worker runs it. */
    Optional<Forwarding> place(ConsumerRecord<String, byte[]> record, T task) throws InterruptedException {
        return placement.place(task, ForwardedTask.forwards(record.headers()));
    }

    /**
     * Copies the record to a topic.
     *
     * @param attempts how many attempts were made at the task of the record
     */
    Disposition forward(ConsumerRecord<String, byte[]> record, String topic, int attempts) throws InterruptedException {
        int forwards = ForwardedTask.forwards(record.headers()) + 1;
        try {
            publisher
                    .forward(new ForwardedTask(record, topic, forwards, attempts))
                    .get();
            LOG.debug("{} was forwarded to {}", TaskRunner.position(record), topic);
            return Disposition.FORWARD;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PublishingFailed failed) {
                LOG.warn(
                        "{} could not be forwarded and is released: {}",
                        TaskRunner.position(record),
                        failed.getMessage());
                return Disposition.RELEASE;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
