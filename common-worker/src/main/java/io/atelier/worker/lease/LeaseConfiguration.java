package io.atelier.worker.lease;

import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.TopicProvisioner;
import io.atelier.worker.cancellation.CanceledJobs;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultShareConsumerFactory;
import org.springframework.kafka.core.ShareConsumerFactory;

/** The beans that lease tasks. A worker imports it beside {@link io.atelier.messaging.MessagingConfiguration}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LeaseProperties.class)
public class LeaseConfiguration {

    private static final int FETCH_BYTES = 16 * 1024;

    @Bean
    TaskConsumerFactory taskConsumerFactory(
            KafkaClientFactory clients,
            LeaseProperties properties,
            EventPublisher publisher,
            TopicProvisioner provisioner,
            CanceledJobs canceled,
            ObjectProvider<ObservationRegistry> observations) {
        return new TaskConsumerFactory(
                publisher,
                provisioner,
                canceled,
                consumers(clients),
                properties,
                LeaseRenewal.committed(properties.renewInterval(), renewalTimeout(properties)),
                observations.getIfAvailable(() -> ObservationRegistry.NOOP));
    }

    @Bean
    CanceledJobs canceledJobs() {
        return new CanceledJobs();
    }

    @Bean
    HealthIndicator leasesHealthIndicator(ObjectProvider<TaskConsumer<?>> consumers) {
        return new LeaseHealth(
                () -> consumers.stream().filter(TaskConsumer::isRunning).map(TaskConsumer::status));
    }

    /** A response that comes after the lock has expired is useless. */
    static Duration renewalTimeout(LeaseProperties properties) {
        return properties.lockTimeout().minus(properties.renewInterval());
    }

    /** Consumers that acquire one record at a time: by default the first consumer that fetches acquires a whole batch. */
    static ShareConsumerFactory<String, byte[]> consumers(KafkaClientFactory clients) {
        var configs = clients.shareConsumerSettings(Map.of(
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                // The broker reads this much of the log for each record that it gives away, 50 MB by default: with many
                // waiting tasks that was most of its work. A larger record passes, alone.
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                FETCH_BYTES,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                FETCH_BYTES,
                // A consumer that waits for a free slot does not poll, for as long as the work of others takes.
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                Integer.MAX_VALUE,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000));
        return new DefaultShareConsumerFactory<>(configs, StringDeserializer::new, ByteArrayDeserializer::new);
    }
}
