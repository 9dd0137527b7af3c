package io.atelier.worker.lease;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.SplitRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
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
public record TaskQueue<T>(
        String topic,
        String group,
        Function<ConsumerRecord<String, byte[]>, T> reader,
        Function<T, TaskHeader> ticket) {

    /** The orders for the generator workers of a pool. */
    public static TaskQueue<JobEvent.GenerationRequested> generations(String pool) {
        return new TaskQueue<>(
                Topic.generationRequested(pool),
                Topic.generators(pool),
                TaskQueue::generation,
                order -> new TaskHeader(
                        order.job(), order.task(), order.attempt(), order.maxAttempts(), order.notBefore()));
    }

    /** The orders for the splitter workers. */
    public static TaskQueue<SplitRequested> splits() {
        return new TaskQueue<>(
                Topic.SPLIT_REQUESTED,
                Topic.SPLITTERS,
                taken -> EventCodec.read(taken.value(), SplitRequested.class),
                order -> new TaskHeader(
                        order.job(), order.task(), order.attempt(), order.maxAttempts(), order.notBefore()));
    }

    private static JobEvent.GenerationRequested generation(ConsumerRecord<String, byte[]> taken) {
        return EventCodec.event(taken.headers(), taken.value())
                .filter(JobEvent.GenerationRequested.class::isInstance)
                .map(JobEvent.GenerationRequested.class::cast)
                .orElseThrow(() -> new UnreadableRecord(
                        "Not an order for a generator but '" + EventCodec.type(taken.headers()) + "'"));
    }

    /**
     * What the loop must know of an order, whatever it orders.
     *
     * @param attempt the number of the first attempt under this order, from 1
     * @param maxAttempts the last attempt that may be made
     * @param notBefore when it may begin; null for at once
     */
    public record TaskHeader(
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
