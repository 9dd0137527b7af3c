package io.atelier.messaging;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the partitions of topics and their first and end offsets from the brokers. Each call is one request to them; its result fails,
 * because of a {@link org.apache.kafka.common.KafkaException}, if they do not answer in time. Thread-safe; blocks no thread. The thread of
 * the admin client completes all results and must not be blocked.
 */
public final class TopicOffsets {

    private final Admin admin;

    /** @param admin closed by the caller */
    public TopicOffsets(Admin admin) {
        this.admin = admin;
    }

    /** All partitions of the topics. */
    public CompletionStage<List<TopicPartition>> partitions(Collection<String> topics) {
        return admin.describeTopics(topics)
                .allTopicNames()
                .toCompletionStage()
                .thenApply(described -> described.values().stream()
                        .flatMap(topic -> topic.partitions().stream()
                                .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                        .toList());
    }

    /** The offset of the oldest record that is kept, for each partition; its end offset if it is empty. */
    public CompletionStage<Map<TopicPartition, Long>> first(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    /** The offset after the last record, for each partition. */
    public CompletionStage<Map<TopicPartition, Long>> end(Collection<TopicPartition> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    private CompletionStage<Map<TopicPartition, Long>> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec)))
                .all()
                .toCompletionStage()
                .thenApply(found -> found.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().offset())));
    }
}
