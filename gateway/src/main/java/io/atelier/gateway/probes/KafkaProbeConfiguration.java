package io.atelier.gateway.probes;

import io.atelier.messaging.MessagingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the probes ask Kafka. */
@Configuration(proxyBeanMethods = false)
public final class KafkaProbeConfiguration {

    @Bean
    KafkaBrokers brokers(MessagingProperties properties) {
        return new KafkaBrokers(properties.bootstrapServers());
    }
}
