package io.atelier.gateway.publishing;

import io.atelier.messaging.EventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way from the HTTP door to the event publisher. */
@Configuration(proxyBeanMethods = false)
public final class PublishingConfiguration {

    @Bean(destroyMethod = "dispose")
    Publishing publishing(EventPublisher publisher) {
        return new Publishing(publisher);
    }
}
