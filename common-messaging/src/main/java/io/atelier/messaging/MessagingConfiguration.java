package io.atelier.messaging;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures topics and publisher for every service. The topics are created before any bean that depends on {@link TopicProvisioner} or
 * {@link EventPublisher}. Independent of Spring Boot's Kafka auto-configuration. Workers also import {@code LeaseConfiguration}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingProperties.class)
public class MessagingConfiguration {

    @Bean(initMethod = "topics")
    TopicProvisioner topicProvisioner(MessagingProperties properties) {
        return new TopicProvisioner(properties);
    }

    /** The provisioner is a parameter only so that the topics exist before the publisher does. */
    @Bean
    EventPublisher eventPublisher(
            MessagingProperties properties,
            ObjectProvider<ObservationRegistry> observations,
            TopicProvisioner provisioner) {
        return new KafkaEventPublisher(properties, observations.getIfAvailable(() -> ObservationRegistry.NOOP));
    }
}
