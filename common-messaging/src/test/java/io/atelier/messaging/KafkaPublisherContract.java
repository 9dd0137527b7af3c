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

/** The contract with a real broker. All tests share the topics, so each test reads from the end offsets at its start. */
abstract class KafkaPublisherContract extends EventPublisherContract {

    private final String pool = "pool-" + UUID.randomUUID();
    private final Map<String, List<Object>> received = new HashMap<>();
    private KafkaEventPublisher publisher;
    private KafkaConsumer<String, byte[]> consumer;

    abstract String bootstrapServers();

    @BeforeEach
    void subscribe() {
        var properties = ProvisioningFixture.properties(bootstrapServers(), List.of(pool));
        var clients = KafkaClientFactory.of(bootstrapServers());
        new TopicProvisioner(properties, clients).topics();
        publisher = new KafkaEventPublisher(properties, clients, ObservationRegistry.NOOP);
        consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var partitions = Topic.all(List.of(pool), 1).stream()
                .flatMap(topic -> consumer.partitionsFor(topic.name()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    @AfterEach
    void close() {
        publisher.close();
        consumer.close();
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
    protected List<Object> received(String topic) {
        consumer.poll(Duration.ofMillis(100))
                .forEach(record -> received.computeIfAbsent(record.topic(), first -> new ArrayList<>())
                        .add(read(record)));
        return received.getOrDefault(topic, List.of());
    }

    private static Object read(ConsumerRecord<String, byte[]> record) {
        return kind(record.topic()) == JobEvent.class
                ? EventCodec.event(record.headers(), record.value()).orElseThrow()
                : EventCodec.read(record.value(), kind(record.topic()));
    }
}
