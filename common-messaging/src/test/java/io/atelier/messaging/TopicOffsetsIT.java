package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** The offsets of topics of a real broker. */
final class TopicOffsetsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String topic = "offsets-" + UUID.randomUUID();
    private final TopicPartition written = new TopicPartition(topic, 0);
    private final TopicPartition empty = new TopicPartition(topic, 1);

    @Test
    void firstAndEndOffsetsOfAllPartitionsAreRead() throws Exception {
        try (var admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get(30, TimeUnit.SECONDS);
            publish(3);
            admin.deleteRecords(Map.of(written, RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            var offsets = new TopicOffsets(admin);

            assertThat(offsets.partitions(List.of(topic)))
                    .succeedsWithin(TIMEOUT)
                    .satisfies(found -> assertThat(found).containsExactlyInAnyOrder(written, empty));
            assertThat(offsets.first(List.of(written, empty)))
                    .succeedsWithin(TIMEOUT)
                    .isEqualTo(Map.of(written, 1L, empty, 0L));
            assertThat(offsets.end(List.of(written, empty)))
                    .succeedsWithin(TIMEOUT)
                    .isEqualTo(Map.of(written, 3L, empty, 0L));
        }
    }

    private void publish(int count) throws Exception {
        Map<String, Object> settings = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, "key", "value")).get(30, TimeUnit.SECONDS);
            }
        }
    }
}
