package io.atelier.gateway.probes;

import io.atelier.gateway.jobs.Jobs;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the probes to whatever tells of the brokers. */
@Configuration(proxyBeanMethods = false)
public final class ProbeConfiguration {

    @Bean
    ProbeController probeController(Jobs jobs, Brokers brokers, ApplicationAvailability availability) {
        return new ProbeController(jobs, brokers, availability);
    }
}
