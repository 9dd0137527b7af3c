package io.atelier.gateway.api.operations;

import reactor.core.publisher.Mono;

/** Whether the message brokers can be reached. */
@FunctionalInterface
public interface BrokerProbe {

    /** Answers within seconds, and never fails. Cheap enough to be asked every second. */
    Mono<Boolean> reachable();
}
