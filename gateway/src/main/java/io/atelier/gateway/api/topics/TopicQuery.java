package io.atelier.gateway.api.topics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Passes records of a topic to a sink, up to the end that the topic has when it begins; those of one partition in their order. Fails with a {@link
 * org.apache.kafka.common.KafkaException} if the brokers do not return them in time. Blocks; not thread-safe.
 */
public final class TopicQuery {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<String, byte[]> consumer;
    private final Duration timeout;

    /**
     * @param consumer a consumer without a group; closed by the caller
     * @param timeout how long to read before failing
     */
    TopicQuery(Consumer<String, byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    /** Reads the last records of each partition, at most {@code limit} of them. */
    public void last(String topic, int limit, java.util.function.Consumer<ConsumerRecord<String, byte[]>> sink) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var partitions = assign(topic);
        var first = consumer.beginningOffsets(partitions, timeout);
        var ends = consumer.endOffsets(partitions, timeout);
        ends.forEach(
                (partition, end) -> consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - limit)));
        read(topic, ends, deadline, sink);
    }

    /** Reads the records whose timestamp is not before {@code from}, and all after the first of them. */
    public void since(String topic, Instant from, java.util.function.Consumer<ConsumerRecord<String, byte[]>> sink) {
        long deadline = System.nanoTime() + timeout.toNanos();
        var partitions = assign(topic);
        var ends = consumer.endOffsets(partitions, timeout);
        var starts = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> from.toEpochMilli())),
                timeout);
        ends.forEach((partition, end) -> {
            @Nullable OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? end : start.offset());
        });
        read(topic, ends, deadline, sink);
    }

    private List<TopicPartition> assign(String topic) {
        var partitions = consumer.partitionsFor(topic, timeout).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        return partitions;
    }

    private void read(
            String topic,
            Map<TopicPartition, Long> ends,
            long deadline,
            java.util.function.Consumer<ConsumerRecord<String, byte[]>> sink) {
        while (!isRead(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("The records of " + topic + " were not received within " + timeout);
            }
            consumer.poll(POLL_TIMEOUT).forEach(sink);
        }
    }

    private boolean isRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }
}
