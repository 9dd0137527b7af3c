package io.atelier.messaging;

import org.junit.jupiter.api.Tag;

/** The Kafka publisher on a broker as it is deployed. */
@Tag("containers")
final class ContainerKafkaEventPublisherIT extends KafkaPublisherContract {

    @Override
    String bootstrapServers() {
        return KafkaInAContainer.bootstrapServers();
    }
}
