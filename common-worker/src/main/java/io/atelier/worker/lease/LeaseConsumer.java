package io.atelier.worker.lease;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer that sends the acknowledgement of a task together with its request for the next one. The container commits after each record, which
 * would be a request of its own and a round to the brokers in which the slot does nothing. A consumer that is closed sends what it has not sent.
 */
final class LeaseConsumer extends KafkaShareConsumer<String, byte[]> {

    LeaseConsumer(Map<String, Object> configs) {
        super(configs, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Leaves the acknowledgements to the poll that follows. {@link LeaseRenewal} uses the variant with a timeout, which does commit. */
    @Override
    public Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
        return Map.of();
    }
}
