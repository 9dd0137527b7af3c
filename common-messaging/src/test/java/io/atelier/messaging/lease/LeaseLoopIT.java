package io.atelier.messaging.lease;

import io.atelier.messaging.SharedBroker;

/** The lease loop on the embedded broker. */
final class LeaseLoopIT extends LeaseContract {

    @Override
    String bootstrapServers() {
        return SharedBroker.bootstrapServers();
    }
}
