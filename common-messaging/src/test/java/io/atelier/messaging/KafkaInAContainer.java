package io.atelier.messaging;

import org.testcontainers.kafka.KafkaContainer;

/** A Kafka container that all tests of a JVM share. It starts with the first use and stops with the JVM. */
public final class KafkaInAContainer {

    private static final KafkaContainer CONTAINER = start();

    private KafkaInAContainer() {}

    public static String bootstrapServers() {
        return CONTAINER.getBootstrapServers();
    }

    private static KafkaContainer start() {
        var container = new KafkaContainer("apache/kafka:4.2.1")
                // The state topic of share groups needs three brokers by default, and share groups do not work without
                // it.
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
                .withEnv("KAFKA_GROUP_SHARE_DELIVERY_COUNT_LIMIT", "10")
                .withEnv("KAFKA_GROUP_SHARE_PARTITION_MAX_RECORD_LOCKS", "10000");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return container;
    }
}
