package io.atelier.gateway.lifecycle;

import io.atelier.messaging.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads the last ids that were written into a partition number of some topics. */
final class PartitionTail {

    /** More than a task writes between two commits into one topic. */
    private static final long RECORDS = 1_000;

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<?, ?> consumer;
    private final Duration patience;

    /**
     * A reader.
     *
     * @param consumer without a group; the caller closes it
     * @param patience how long to try before failing
     */
    PartitionTail(Consumer<?, ?> consumer, Duration patience) {
        this.consumer = consumer;
        this.patience = patience;
    }

    /**
     * The ids in the last records of the partition, of each topic that has it.
     *
     * @throws IllegalStateException if the brokers do not give them in time; then the task must not go on, or it might announce twice
     */
    List<String> ids(Set<String> topics, int partition) {
        var places = existing(topics, partition);
        consumer.assign(places);
        var ends = consumer.endOffsets(places, patience);
        ends.forEach((place, end) -> consumer.seek(place, Math.max(0, end - RECORDS)));
        var ids = new ArrayList<String>();
        var deadline = Instant.now().plus(patience);
        while (!reached(ends)) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("The last records of " + ends.keySet() + " could not be read within "
                        + patience.toSeconds() + " s");
            }
            consumer.poll(POLL).forEach(written -> ids.add(Wire.header(written.headers(), "ce_id")));
        }
        return ids;
    }

    private List<TopicPartition> existing(Set<String> topics, int partition) {
        Map<String, List<PartitionInfo>> all = new HashMap<>(consumer.listTopics(patience));
        all.keySet().retainAll(topics);
        return all.values().stream()
                .flatMap(List::stream)
                .filter(info -> info.partition() == partition)
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), patience) >= end.getValue());
    }
}
