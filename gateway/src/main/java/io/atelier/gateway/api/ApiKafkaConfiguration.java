package io.atelier.gateway.api;

import io.atelier.gateway.api.events.FirehoseProperties;
import io.atelier.gateway.api.events.KafkaFirehose;
import io.atelier.gateway.api.operations.KafkaBrokerProbe;
import io.atelier.gateway.api.operations.KafkaDeadLetters;
import io.atelier.messaging.MessagingProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The adapters of the HTTP API that read from Kafka themselves, not from the view: firehose, dead letters, and broker probe. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FirehoseProperties.class)
public class ApiKafkaConfiguration {

    @Bean(destroyMethod = "dispose")
    KafkaFirehose firehose(MessagingProperties messaging, FirehoseProperties properties) {
        return new KafkaFirehose(messaging.bootstrapServers(), properties);
    }

    @Bean(destroyMethod = "dispose")
    KafkaDeadLetters deadLetters(MessagingProperties messaging) {
        return new KafkaDeadLetters(messaging.bootstrapServers());
    }

    @Bean
    KafkaBrokerProbe brokerProbe(MessagingProperties messaging) {
        return new KafkaBrokerProbe(messaging.bootstrapServers());
    }
}
