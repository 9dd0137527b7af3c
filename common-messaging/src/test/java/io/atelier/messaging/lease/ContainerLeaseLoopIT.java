package io.atelier.messaging.lease;

import io.atelier.messaging.KafkaInAContainer;
import org.junit.jupiter.api.Tag;

/** The lease loop on a broker as it is deployed. */
@Tag("containers")
final class ContainerLeaseLoopIT extends LeaseContract {

    @Override
    String bootstrapServers() {
        return KafkaInAContainer.bootstrapServers();
    }
}
