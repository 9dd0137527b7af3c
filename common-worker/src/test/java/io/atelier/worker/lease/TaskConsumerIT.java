package io.atelier.worker.lease;

import io.atelier.messaging.SharedBroker;

/** The lease loop on the embedded broker. */
final class TaskConsumerIT extends LeaseContract {

    @Override
    String bootstrapServers() {
        return SharedBroker.bootstrapServers();
    }
}
