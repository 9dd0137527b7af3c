package io.atelier.gateway.api.operations;

import reactor.core.publisher.Mono;

/** Checks whether a message broker answers. */
@FunctionalInterface
public interface BrokerProbe {

    /** Whether a broker answers. Completes within two seconds and never fails. Cheap enough for a call every second. */
    Mono<Boolean> reachable();
}
