package io.atelier.worker.lease;

import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.TopicProvisioner;
import io.atelier.worker.cancellation.CanceledJobs;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
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

/** What a worker needs to take work. Imported beside {@link io.atelier.messaging.MessagingConfiguration}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LeaseProperties.class)
public class LeaseConfiguration {

    @Bean
    TaskConsumerFactory leaseLoops(
            MessagingProperties messaging,
            LeaseProperties properties,
            EventPublisher publisher,
            TopicProvisioner provisioning,
            CanceledJobs canceled,
            ObjectProvider<ObservationRegistry> observations) {
        return new TaskConsumerFactory(new TaskConsumerFactory.Means(
                publisher,
                provisioning,
                canceled,
                consumers(messaging.bootstrapServers()),
                properties,
                LeaseListener.Renewal.committed(properties.renewInterval(), renewalTimeout(properties)),
                Clock.systemUTC(),
                observations.getIfAvailable(() -> ObservationRegistry.NOOP)));
    }

    @Bean
    CanceledJobs canceledJobs() {
        return new CanceledJobs();
    }

    @Bean
    HealthIndicator leasesHealthIndicator(ObjectProvider<TaskConsumer<?>> loops) {
        return new LeaseHealth(
                () -> loops.stream().filter(TaskConsumer::isRunning).map(TaskConsumer::status));
    }

    /** An answer that comes when the lock has run out is of no use. */
    static Duration renewalTimeout(LeaseProperties properties) {
        return properties.lockTimeout().minus(properties.renewInterval());
    }

    /** One record at a time: the default way of taking hands a whole batch to the first consumer that asks. */
    static ShareConsumerFactory<String, byte[]> consumers(String bootstrapServers) {
        Map<String, Object> configs = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                "record_limit",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                1_000);
        return new DefaultShareConsumerFactory<>(configs, StringDeserializer::new, ByteArrayDeserializer::new);
    }
}
