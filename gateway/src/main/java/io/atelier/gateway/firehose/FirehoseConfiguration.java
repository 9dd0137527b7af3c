package io.atelier.gateway.firehose;

import io.atelier.gateway.events.EventProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the HTTP face of the stream of all events. Needs a {@link Firehose} beside it. */
@Configuration(proxyBeanMethods = false)
public final class FirehoseConfiguration {

    @Bean
    FirehoseController firehoseController(Firehose firehose, EventProperties properties) {
        return new FirehoseController(firehose, properties);
    }
}
