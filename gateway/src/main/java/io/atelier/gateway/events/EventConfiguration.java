package io.atelier.gateway.events;

import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.generations.Portrait;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.progress.ProgressBoard;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the streams of single jobs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventProperties.class)
public final class EventConfiguration {

    @Bean
    JobEvents jobEvents(Jobs jobs, ProgressBoard board, Portrait portrait, EventProperties properties) {
        return new JobEvents(jobs, board, portrait, properties);
    }

    @Bean
    JobEventController jobEventController(Generations generations, JobEvents events) {
        return new JobEventController(generations, events);
    }
}
