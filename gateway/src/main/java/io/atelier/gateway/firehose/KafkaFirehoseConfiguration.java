package io.atelier.gateway.firehose;

import io.atelier.messaging.MessagingProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the stream of all events to Kafka. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FirehoseProperties.class)
public final class KafkaFirehoseConfiguration {

    @Bean(destroyMethod = "dispose")
    KafkaFirehose firehose(MessagingProperties messaging, FirehoseProperties properties) {
        return new KafkaFirehose(messaging.bootstrapServers(), properties);
    }
}
