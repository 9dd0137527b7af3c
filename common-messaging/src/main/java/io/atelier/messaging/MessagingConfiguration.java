package io.atelier.messaging;

import io.atelier.messaging.settings.SettingsConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Configures topics and publisher for every service. The topics are created before any bean that depends on {@link TopicProvisioner} or
 * {@link EventPublisher}. Independent of Spring Boot's Kafka auto-configuration. Workers also import {@code LeaseConfiguration}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({MessagingProperties.class, KafkaProperties.class})
@Import(SettingsConfiguration.class)
public class MessagingConfiguration {

    @Bean
    KafkaClientFactory kafkaClients(MessagingProperties properties, KafkaProperties kafka) {
        return KafkaClientFactory.of(properties.bootstrapServers(), kafka);
    }

    @Bean(initMethod = "topics")
    TopicProvisioner topicProvisioner(MessagingProperties properties, KafkaClientFactory clients) {
        return new TopicProvisioner(properties, clients);
    }

    /** The provisioner is a parameter only so that the topics exist before the publisher does. */
    @Bean
    EventPublisher eventPublisher(
            MessagingProperties properties,
            KafkaClientFactory clients,
            ObjectProvider<ObservationRegistry> observations,
            TopicProvisioner provisioner) {
        return new KafkaEventPublisher(
                properties, clients, observations.getIfAvailable(() -> ObservationRegistry.NOOP));
    }
}
