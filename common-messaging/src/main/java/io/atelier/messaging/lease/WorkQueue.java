package io.atelier.messaging.lease;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.messaging.Wire;
import java.time.Instant;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A topic of orders, the share group of the workers that take them, and how an order is read.
 *
 * @param <T> an order
 * @param reader throws {@link UnreadableRecord} for what is no such order
 * @param ticket what the loop must know of an order
 */
public record WorkQueue<T>(
        String topic, String group, Function<ConsumerRecord<String, byte[]>, T> reader, Function<T, Ticket> ticket) {

    /** The orders for the generator workers of a pool. */
    public static WorkQueue<JobEvent.GenerationRequested> generations(String pool) {
        return new WorkQueue<>(
                Topic.generationRequested(pool),
                Topic.generators(pool),
                WorkQueue::generation,
                order ->
                        new Ticket(order.job(), order.task(), order.attempt(), order.maxAttempts(), order.notBefore()));
    }

    /** The orders for the splitter workers. */
    public static WorkQueue<SplitRequested> splits() {
        return new WorkQueue<>(
                Topic.SPLIT_REQUESTED,
                Topic.SPLITTERS,
                taken -> Wire.read(taken.value(), SplitRequested.class),
                order ->
                        new Ticket(order.job(), order.task(), order.attempt(), order.maxAttempts(), order.notBefore()));
    }

    private static JobEvent.GenerationRequested generation(ConsumerRecord<String, byte[]> taken) {
        return Wire.event(taken.headers(), taken.value())
                .filter(JobEvent.GenerationRequested.class::isInstance)
                .map(JobEvent.GenerationRequested.class::cast)
                .orElseThrow(() ->
                        new UnreadableRecord("Not an order for a generator but '" + Wire.type(taken.headers()) + "'"));
    }

    /**
     * What the loop must know of an order, whatever it orders.
     *
     * @param attempt the number of the first attempt under this order, from 1
     * @param maxAttempts the last attempt that may be made
     * @param notBefore when it may begin; null for at once
     */
    public record Ticket(
            JobId job,
            String task,
            int attempt,
            int maxAttempts,
            @Nullable Instant notBefore) {

        /** The same for every record and every delivery of the same order. */
        String key() {
            return job + "/" + task + "/" + attempt;
        }
    }
}
