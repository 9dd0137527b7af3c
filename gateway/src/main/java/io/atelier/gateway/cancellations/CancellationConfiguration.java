package io.atelier.gateway.cancellations;

import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.generations.Portrait;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.publishing.Publishing;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the ways out. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CancellationProperties.class)
public final class CancellationConfiguration {

    @Bean
    Cancellations cancellations(Publishing publishing, Jobs jobs, CancellationProperties properties, Clock clock) {
        return new Cancellations(publishing, jobs, properties.answerWithin(), clock);
    }

    @Bean
    CancellationController cancellationController(
            Generations generations, Cancellations cancellations, Portrait portrait) {
        return new CancellationController(generations, cancellations, portrait);
    }
}
