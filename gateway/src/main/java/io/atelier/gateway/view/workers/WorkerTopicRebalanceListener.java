package io.atelier.gateway.view.workers;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;

/** Rebalance listener that passes the end offset of the topic of workers to the registry before the first record is read. */
public final class WorkerTopicRebalanceListener implements KafkaBindingRebalanceListener {

    private final WorkerRegistry registry;
    private final String topic;

    public WorkerTopicRebalanceListener(WorkerRegistry registry, String topic) {
        this.registry = registry;
        this.topic = topic;
    }

    @Override
    public void onPartitionsAssigned(
            String binding, Consumer<?, ?> consumer, Collection<TopicPartition> partitions, boolean initial) {
        // The topic has one partition, and each gateway has a group of its own.
        for (var partition : partitions) {
            if (partition.topic().equals(topic)) {
                var only = List.of(partition);
                var end = consumer.endOffsets(only).getOrDefault(partition, 0L);
                registry.catchUp(consumer.position(partition), end);
            }
        }
    }
}
