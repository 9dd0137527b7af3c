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

/** Reads the ids that were last written into some topics. */
final class LastRecordIds {

    /** Of each partition: more than the lifecycle writes into one between two commits. */
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
    LastRecordIds(Consumer<?, ?> consumer, Duration patience) {
        this.consumer = consumer;
        this.patience = patience;
    }

    /**
     * The ids in the last records of every partition of the topics.
     *
     * @throws IllegalStateException if the brokers do not give them in time; then the lifecycle must not go on, or it might announce twice
     */
    List<String> ids(Set<String> topics) {
        var places = partitions(topics);
        consumer.assign(places);
        var ends = consumer.endOffsets(places, patience);
        ends.forEach((place, end) -> consumer.seek(place, Math.max(0, end - RECORDS)));
        var ids = new ArrayList<String>();
        long deadline = System.nanoTime() + patience.toNanos();
        while (!reached(ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("The last records of " + ends.keySet() + " could not be read within "
                        + patience.toSeconds() + " s");
            }
            consumer.poll(POLL).forEach(written -> ids.add(EventCodec.header(written.headers(), "ce_id")));
        }
        return ids;
    }

    private List<TopicPartition> partitions(Set<String> topics) {
        Map<String, List<PartitionInfo>> all = new HashMap<>(consumer.listTopics(patience));
        all.keySet().retainAll(topics);
        return all.values().stream()
                .flatMap(List::stream)
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private boolean reached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), patience) >= end.getValue());
    }
}
