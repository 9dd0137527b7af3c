package io.atelier.gateway.generations;

import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.progress.ProgressBoard;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the view of jobs to its HTTP face. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GenerationProperties.class)
public final class GenerationConfiguration {

    @Bean
    Generations generations(Jobs jobs, GenerationProperties properties, Clock clock) {
        return new Generations(jobs, properties, clock);
    }

    @Bean
    GenerationController generationController(Generations generations, ProgressBoard progress, Clock clock) {
        return new GenerationController(generations, progress, clock);
    }
}
