package io.atelier.messaging;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What every service needs to speak: the topics, made before any other bean that asks for {@link TopicProvisioner} or {@link EventPublisher},
 * and the publisher. Needs nothing of Boot's own configuration of Kafka. Workers import {@code LeaseConfiguration} beside it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingProperties.class)
public class MessagingConfiguration {

    @Bean(initMethod = "topics")
    TopicProvisioner provisioning(MessagingProperties properties) {
        return new TopicProvisioner(properties);
    }

    /** Takes the provisioning only to come after it. */
    @Bean
    EventPublisher eventPublisher(
            MessagingProperties properties, ObjectProvider<ObservationRegistry> observations, TopicProvisioner first) {
        return new KafkaEventPublisher(properties, observations.getIfAvailable(() -> ObservationRegistry.NOOP));
    }
}
