package io.atelier.gateway.admission;

import io.atelier.gateway.models.Catalogue;
import io.atelier.gateway.workers.WorkerBoard;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the admission of jobs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AdmissionProperties.class)
public final class AdmissionConfiguration {

    @Bean
    Admission admission(WorkerBoard board, Catalogue catalogue, AdmissionProperties properties, Clock clock) {
        return new Admission(board, catalogue, properties, clock);
    }
}
