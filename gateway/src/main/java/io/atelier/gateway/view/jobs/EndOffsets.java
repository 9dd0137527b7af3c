package io.atelier.gateway.view.jobs;

import io.atelier.messaging.BrokerAnswer;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.TopicOffsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** The present end offsets of one topic, whose partitions are read once. Thread-safe. */
final class EndOffsets implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Admin admin;
    private final TopicOffsets offsets;
    private final List<TopicPartition> partitions;

    private EndOffsets(Admin admin, TopicOffsets offsets, List<TopicPartition> partitions) {
        this.admin = admin;
        this.offsets = offsets;
        this.partitions = partitions;
    }

    /**
     * Reads the partitions of the topic. Blocks.
     *
     * @throws IllegalStateException if the brokers do not answer within 30 s
     */
    static EndOffsets of(String topic, KafkaClientFactory clients) {
        var admin = clients.admin(Map.of());
        try {
            var offsets = new TopicOffsets(admin);
            var partitions =
                    BrokerAnswer.await(offsets.partitions(List.of(topic)), TIMEOUT, "the partitions of " + topic);
            return new EndOffsets(admin, offsets, partitions);
        } catch (IllegalStateException e) {
            admin.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * The same as {@link #now}. Blocks.
     *
     * @throws IllegalStateException if the brokers do not answer within 30 s
     */
    Map<Integer, Long> awaitNow() {
        return BrokerAnswer.await(now(), TIMEOUT, "the end offsets of " + partitions);
    }

    /** The offset after the last record, by the number of the partition. */
    CompletionStage<Map<Integer, Long>> now() {
        return offsets.end(partitions)
                .thenApply(ends -> ends.entrySet().stream()
                        .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue)));
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
