package io.atelier.gateway.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads topics from a point of time to their present end. Not thread-safe; blocks. */
final class TopicReader {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer;
    private final Duration timeout;

    /** @param timeout limit of each request to the brokers, and of the whole of each reading */
    TopicReader(org.apache.kafka.clients.consumer.Consumer<String, byte[]> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    /**
     * Passes each record from a point of time on to the sink. Returns the time since which all records of all partitions have been read:
     * {@link Instant#EPOCH}, or later if old records were deleted or are too many.
     *
     * @param from read all records from this time on
     * @param least also read this number of records of each partition at least
     * @param most read this number of records of each partition at most, from its end
     * @throws IllegalStateException if the brokers do not deliver them in time
     */
    Instant read(
            Collection<String> topics,
            Instant from,
            long least,
            long most,
            Consumer<ConsumerRecord<String, byte[]>> sink)
            throws InterruptedException {
        var partitions = partitions(topics);
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions, timeout);
        var first = consumer.beginningOffsets(partitions, timeout);
        var since = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> from.toEpochMilli())),
                timeout);
        var incomplete = new HashSet<TopicPartition>();
        ends.forEach((partition, end) -> {
            @Nullable OffsetAndTimestamp atTime = since.get(partition);
            long wanted = Math.min(atTime == null ? end : atTime.offset(), end - least);
            long start = Math.max(Math.max(wanted, end - most), first.getOrDefault(partition, 0L));
            consumer.seek(partition, start);
            if (start > Math.max(0, wanted)) {
                incomplete.add(partition);
            }
        });
        var complete = new ArrayList<Instant>(List.of(Instant.EPOCH));
        poll(ends, record -> {
            if (incomplete.remove(new TopicPartition(record.topic(), record.partition()))) {
                complete.add(Instant.ofEpochMilli(record.timestamp()));
            }
            sink.accept(record);
        });
        return Collections.max(complete);
    }

    private void poll(Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<String, byte[]>> sink)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isCaughtUp(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Kafka did not deliver the records of %s within %d s"
                        .formatted(ends.keySet(), timeout.toSeconds()));
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            consumer.poll(POLL_TIMEOUT).forEach(sink);
        }
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        var known = consumer.listTopics(timeout);
        return topics.stream()
                .flatMap(topic -> known.getOrDefault(topic, List.of()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private boolean isCaughtUp(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }
}
