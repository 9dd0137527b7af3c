package io.atelier.gateway.deadletters;

import io.atelier.messaging.MessagingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets dead letters be read from Kafka. */
@Configuration(proxyBeanMethods = false)
public final class KafkaDeadLetterConfiguration {

    @Bean(destroyMethod = "dispose")
    KafkaDeadLetters deadLetters(MessagingProperties properties) {
        return new KafkaDeadLetters(properties.bootstrapServers());
    }
}
