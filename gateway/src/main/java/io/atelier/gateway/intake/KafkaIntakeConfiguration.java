package io.atelier.gateway.intake;

import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Topic;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets Kafka tell how far the lifecycle is. */
@Configuration(proxyBeanMethods = false)
public final class KafkaIntakeConfiguration {

    /** The application id of the lifecycle, as lifecycle.yml has it. */
    private static final String LIFECYCLE = "atelier-lifecycle";

    @Bean
    KafkaIntake intake(MessagingProperties properties) {
        var orders = properties.pools().stream().map(Topic::generationRequested).toList();
        return new KafkaIntake(properties.bootstrapServers(), LIFECYCLE, orders);
    }
}
