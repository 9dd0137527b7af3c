package io.atelier.messaging;

import java.time.Duration;
import java.util.List;

/** Creates settings and a provisioner for tests with a broker. */
public final class ProvisioningFixture {

    private ProvisioningFixture() {}

    public static MessagingProperties properties(String bootstrapServers, List<String> pools) {
        return new MessagingProperties(
                bootstrapServers,
                "test",
                pools,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
    }

    public static TopicProvisioner provisioner(MessagingProperties properties) {
        return new TopicProvisioner(properties, KafkaClientFactory.of(properties.bootstrapServers()));
    }
}
