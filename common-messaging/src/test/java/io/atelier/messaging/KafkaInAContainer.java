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
        var container = new KafkaContainer("apache/kafka:4.2.1");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return container;
    }
}
