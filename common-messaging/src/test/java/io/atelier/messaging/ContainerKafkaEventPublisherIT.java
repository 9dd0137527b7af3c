package io.atelier.messaging;

import org.junit.jupiter.api.Tag;

/** The Kafka publisher with the broker image of a deployment. */
@Tag("containers")
final class ContainerKafkaEventPublisherIT extends KafkaPublisherContract {

    @Override
    String bootstrapServers() {
        return KafkaInAContainer.bootstrapServers();
    }
}
