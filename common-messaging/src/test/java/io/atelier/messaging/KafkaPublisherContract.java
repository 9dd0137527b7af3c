package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The publisher's contract against a real broker. Topics are shared by all tests, so each hears from their ends on. */
abstract class KafkaPublisherContract extends EventPublisherContract {

    private final String pool = "pool-" + UUID.randomUUID();
    private final Map<String, List<Object>> heard = new HashMap<>();
    private KafkaEventPublisher publisher;
    private KafkaConsumer<String, byte[]> listener;

    abstract String bootstrapServers();

    @BeforeEach
    void listen() {
        var properties = ProvisioningFixture.properties(bootstrapServers(), List.of(pool));
        new TopicProvisioner(properties).topics();
        publisher = new KafkaEventPublisher(properties, ObservationRegistry.NOOP);
        listener = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = Topic.all(List.of(pool), 1).stream()
                .flatMap(topic -> listener.partitionsFor(topic.name()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        listener.assign(partitions);
        listener.seekToEnd(partitions);
        partitions.forEach(listener::position);
    }

    @AfterEach
    void hangUp() {
        publisher.close();
        listener.close();
    }

    @Override
    protected EventPublisher publisher() {
        return publisher;
    }

    @Override
    protected String pool() {
        return pool;
    }

    @Override
    protected List<Object> heard(String topic) {
        listener.poll(Duration.ofMillis(100))
                .forEach(taken -> heard.computeIfAbsent(taken.topic(), unheard -> new ArrayList<>())
                        .add(read(taken)));
        return heard.getOrDefault(topic, List.of());
    }

    private static Object read(ConsumerRecord<String, byte[]> taken) {
        return kind(taken.topic()) == JobEvent.class
                ? EventCodec.event(taken.headers(), taken.value()).orElseThrow()
                : EventCodec.read(taken.value(), kind(taken.topic()));
    }
}
