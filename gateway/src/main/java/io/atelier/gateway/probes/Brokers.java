package io.atelier.gateway.probes;

import reactor.core.publisher.Mono;

/** Whether the message brokers can be reached. */
@FunctionalInterface
public interface Brokers {

    /** Answers within seconds, and never fails. Cheap enough to be asked every second. */
    Mono<Boolean> reachable();
}
