package io.atelier.gateway.generations;

import io.atelier.gateway.intake.Intake;
import io.atelier.gateway.jobs.Jobs;
import io.atelier.gateway.models.Crew;
import io.atelier.gateway.progress.ProgressBoard;
import io.atelier.gateway.queue.Outlook;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the view of jobs to its HTTP face. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GenerationProperties.class)
public final class GenerationConfiguration {

    @Bean
    Generations generations(Jobs jobs, Intake intake, GenerationProperties properties, Clock clock) {
        return new Generations(jobs, intake, properties, clock);
    }

    @Bean
    Portrait portrait(ProgressBoard progress, Outlook outlook, Crew crew, Clock clock) {
        return new Portrait(progress, outlook, crew, clock);
    }

    @Bean
    GenerationController generationController(Generations generations, Portrait portrait) {
        return new GenerationController(generations, portrait);
    }
}
