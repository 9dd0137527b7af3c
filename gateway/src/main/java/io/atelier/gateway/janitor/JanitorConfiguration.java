package io.atelier.gateway.janitor;

import io.atelier.gateway.jobs.Jobs;
import io.atelier.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the janitor, one in each gateway. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JanitorProperties.class)
public final class JanitorConfiguration {

    @Bean
    Rounds janitorRounds(
            ObjectStore store, Jobs jobs, JanitorProperties properties, Clock clock, MeterRegistry meters) {
        return new Rounds(new Janitor(store, jobs, properties, clock), properties.interval(), meters);
    }
}
