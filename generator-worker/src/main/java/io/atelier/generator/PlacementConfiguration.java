package io.atelier.generator;

import io.atelier.worker.presence.PeerWorkers;
import java.time.Clock;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Decides which worker of the pool runs a task for a model that only some of them have. */
@Configuration(proxyBeanMethods = false)
class PlacementConfiguration {

    @Bean
    PeerWorkers peerWorkers(GeneratorProperties properties) {
        return new PeerWorkers(properties.workerId(), Clock.systemUTC());
    }

    /** Named in generator-worker.yml. */
    @Bean
    Consumer<Message<byte[]>> workers(PeerWorkers peers) {
        return peers::receive;
    }

    @Bean
    ModelPlacement modelPlacement(EngineRegistry engines, PeerWorkers peers) {
        return new ModelPlacement(engines, peers);
    }
}
