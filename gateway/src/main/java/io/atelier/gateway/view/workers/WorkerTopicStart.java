package io.atelier.gateway.view.workers;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.cloud.stream.binder.kafka.KafkaBindingRebalanceListener;

/** Tells the board, before the first record comes, where the past ends. */
public final class WorkerTopicStart implements KafkaBindingRebalanceListener {

    private final WorkerRegistry board;
    private final String topic;

    public WorkerTopicStart(WorkerRegistry board, String topic) {
        this.board = board;
        this.topic = topic;
    }

    @Override
    public void onPartitionsAssigned(
            String binding, Consumer<?, ?> consumer, Collection<TopicPartition> partitions, boolean initial) {
        // The topic has one partition, and a gateway's group no other member.
        for (var partition : partitions) {
            if (partition.topic().equals(topic)) {
                var only = List.of(partition);
                var end = consumer.endOffsets(only).getOrDefault(partition, 0L);
                board.catchUp(consumer.position(partition), end);
            }
        }
    }
}
