package io.atelier.gateway.answer;

import io.atelier.gateway.cancellations.Cancellations;
import io.atelier.gateway.events.JobEvents;
import io.atelier.gateway.generations.Generations;
import io.atelier.gateway.generations.Portrait;
import io.atelier.gateway.images.Pictures;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answers to those who ask for a job. */
@Configuration(proxyBeanMethods = false)
public final class AnswerConfiguration {

    @Bean
    Answers answers(
            Generations generations,
            Pictures pictures,
            JobEvents events,
            Cancellations cancellations,
            Portrait portrait) {
        return new Answers(generations, pictures, events, new Departures(generations, cancellations), portrait);
    }
}
