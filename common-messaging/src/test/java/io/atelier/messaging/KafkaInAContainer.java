package io.atelier.messaging;

import org.testcontainers.kafka.KafkaContainer;

/** One container for all tests of this module that ask for it; it ends with the JVM. */
public final class KafkaInAContainer {

    private static final KafkaContainer CONTAINER = start();

    private KafkaInAContainer() {}

    public static String bootstrapServers() {
        return CONTAINER.getBootstrapServers();
    }

    private static KafkaContainer start() {
        var container = new KafkaContainer("apache/kafka:4.2.1")
                // Kafka keeps three copies of what share groups have done, and without three brokers none.
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")
                .withEnv("KAFKA_GROUP_SHARE_DELIVERY_COUNT_LIMIT", "10")
                .withEnv("KAFKA_GROUP_SHARE_PARTITION_MAX_RECORD_LOCKS", "10000");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return container;
    }
}
