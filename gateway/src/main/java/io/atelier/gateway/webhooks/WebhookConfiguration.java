package io.atelier.gateway.webhooks;

import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.KafkaClientFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that send messages to webhooks, in every gateway that has a secret for them. Needs {@code MessagingConfiguration}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
public class WebhookConfiguration {

    @Bean
    WebhookMetrics webhookMetrics(MeterRegistry meters) {
        return new WebhookMetrics(meters);
    }

    /** The publisher also makes sure that the topic exists. */
    @Bean
    DeliveryAttempts deliveryAttempts(
            WebhookProperties properties, EventPublisher publisher, WebhookMetrics metrics, Clock clock) {
        var client = new WebhookClient(
                new WebhookSigner(properties.secrets()),
                new GuardedResolver(properties.addresses(), InetAddress::getAllByName),
                properties.requestTimeout(),
                clock);
        var schedule = new RetrySchedule(() -> ThreadLocalRandom.current().nextDouble());
        return new DeliveryAttempts(client, schedule, publisher, metrics);
    }

    @Bean
    WebhookSender webhookSender(
            WebhookProperties properties,
            KafkaClientFactory clients,
            DeliveryAttempts attempts,
            WebhookMetrics metrics,
            Clock clock) {
        return new WebhookSender(properties, clients, attempts, metrics, clock);
    }
}
