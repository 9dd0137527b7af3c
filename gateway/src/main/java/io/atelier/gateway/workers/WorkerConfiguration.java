package io.atelier.gateway.workers;

import io.atelier.gateway.models.Catalogue;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the HTTP face of the workers. */
@Configuration(proxyBeanMethods = false)
public final class WorkerConfiguration {

    @Bean
    WorkerController workerController(WorkerBoard board, Catalogue catalogue, Clock clock) {
        return new WorkerController(board, catalogue, clock);
    }
}
