package io.atelier.worker.lease;

import io.atelier.messaging.KafkaInAContainer;
import org.junit.jupiter.api.Tag;

/** Task consumers on a Kafka broker in a container, as it is deployed. */
@Tag("containers")
final class ContainerTaskConsumerIT extends LeaseContract {

    @Override
    String bootstrapServers() {
        return KafkaInAContainer.bootstrapServers();
    }
}
