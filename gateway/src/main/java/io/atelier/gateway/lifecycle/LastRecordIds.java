package io.atelier.gateway.lifecycle;

import io.atelier.messaging.EventCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the CloudEvents ids of the last records of topics. The lifecycle calls it for its output topics when it starts, because after a crash it
 * must not write records again that it has written already.
 *
 * <p>Not thread-safe; blocks.
 */
final class LastRecordIds {

    /** Records to read from each partition: more than the lifecycle writes into one between two commits. */
    private static final long RECORDS_PER_PARTITION = 1_000;

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final Consumer<?, ?> consumer;
    private final Duration timeout;

    /**
     * Creates a reader.
     *
     * @param consumer consumer without a group; the caller closes it
     * @param timeout limit of each request to the brokers, and of the reading
     */
    LastRecordIds(Consumer<?, ?> consumer, Duration timeout) {
        this.consumer = consumer;
        this.timeout = timeout;
    }

    /**
     * The ids of the last 1,000 records of each partition of the topics.
     *
     * @throws IllegalStateException if the brokers do not deliver them in time. The lifecycle must not start then, because it could publish a
     *     record twice
     */
    List<String> ids(Set<String> topics) {
        var partitions = partitions(topics);
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions, timeout);
        ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - RECORDS_PER_PARTITION)));
        var ids = new ArrayList<String>();
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isCaughtUp(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Kafka did not deliver the last records of " + ends.keySet()
                        + " within " + timeout.toSeconds() + " s. The lifecycle needs them to start.");
            }
            consumer.poll(POLL_TIMEOUT).forEach(last -> ids.add(EventCodec.header(last.headers(), "ce_id")));
        }
        return ids;
    }

    private List<TopicPartition> partitions(Set<String> topics) {
        Map<String, List<PartitionInfo>> partitions = new HashMap<>(consumer.listTopics(timeout));
        partitions.keySet().retainAll(topics);
        return partitions.values().stream()
                .flatMap(List::stream)
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private boolean isCaughtUp(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), timeout) >= end.getValue());
    }
}
