package io.atelier.gateway.queue;

import io.atelier.gateway.models.Catalogue;
import io.atelier.gateway.models.Crew;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what is told of the lines. */
@Configuration(proxyBeanMethods = false)
public final class QueueConfiguration {

    @Bean
    Outlook outlook(Backlog backlog, Crew crew, Clock clock) {
        return new Outlook(backlog, crew, clock);
    }

    @Bean
    QueueController queueController(Backlog backlog, Outlook outlook, Crew crew, Catalogue catalogue, Clock clock) {
        return new QueueController(backlog, outlook, crew, catalogue, clock);
    }
}
