package io.atelier.gateway.api;

import io.atelier.gateway.api.events.FirehoseProperties;
import io.atelier.gateway.api.events.KafkaFirehose;
import io.atelier.gateway.api.operations.BrokerProbe;
import io.atelier.gateway.api.operations.DiskProperties;
import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.gateway.api.operations.FreeSpace;
import io.atelier.gateway.api.operations.KafkaBrokerProbe;
import io.atelier.gateway.api.operations.KafkaDeadLetters;
import io.atelier.gateway.api.operations.StoreProbe;
import io.atelier.gateway.api.operations.SystemWatch;
import io.atelier.gateway.api.webhooks.KafkaWebhookDeliveries;
import io.atelier.messaging.KafkaClientFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of the HTTP API that read Kafka directly, not the view: the firehose, dead letters, deliveries to webhooks, and the watch over the system. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DiskProperties.class, FirehoseProperties.class})
public class ApiKafkaConfiguration {

    @Bean(destroyMethod = "dispose")
    KafkaFirehose firehose(KafkaClientFactory clients, FirehoseProperties properties) {
        return new KafkaFirehose(clients, properties);
    }

    @Bean(destroyMethod = "dispose")
    KafkaDeadLetters deadLetters(KafkaClientFactory clients) {
        return new KafkaDeadLetters(clients);
    }

    @Bean(destroyMethod = "dispose")
    KafkaWebhookDeliveries webhookDeliveries(KafkaClientFactory clients) {
        return new KafkaWebhookDeliveries(clients);
    }

    @Bean
    KafkaBrokerProbe brokerProbe(KafkaClientFactory clients) {
        return new KafkaBrokerProbe(clients);
    }

    @Bean
    DiskSpace diskSpace(DiskProperties properties) {
        return new DiskSpace(properties, FreeSpace.ofFileSystem());
    }

    @Bean
    SystemWatch systemWatch(DiskSpace disk, BrokerProbe brokers, StoreProbe store) {
        return new SystemWatch(disk, brokers, store);
    }
}
