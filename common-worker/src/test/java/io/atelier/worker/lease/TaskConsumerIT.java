package io.atelier.worker.lease;

import io.atelier.messaging.SharedBroker;

/** Task consumers on the embedded broker. */
final class TaskConsumerIT extends LeaseContract {

    @Override
    String bootstrapServers() {
        return SharedBroker.bootstrapServers();
    }
}
