package io.atelier.messaging.lease;

import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Provisioning;
import io.atelier.messaging.cancellation.CanceledJobs;
import io.atelier.messaging.cancellation.CancellationFollower;
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
    LeaseLoops leaseLoops(
            MessagingProperties messaging,
            LeaseProperties properties,
            EventPublisher publisher,
            Provisioning provisioning,
            CanceledJobs canceled,
            ObjectProvider<ObservationRegistry> observations) {
        return new LeaseLoops(new LeaseLoops.Means(
                publisher,
                provisioning,
                canceled,
                consumers(messaging.bootstrapServers()),
                properties,
                LeaseHolder.Renewal.committed(properties.renewEvery(), renewalTimeout(properties)),
                Clock.systemUTC(),
                observations.getIfAvailable(() -> ObservationRegistry.NOOP)));
    }

    @Bean
    CanceledJobs canceledJobs() {
        return new CanceledJobs();
    }

    /** Takes the provisioning only to come after it. */
    @Bean
    CancellationFollower cancellationFollower(
            MessagingProperties messaging, CanceledJobs canceled, Provisioning first) {
        return new CancellationFollower(
                messaging.bootstrapServers(), messaging.component(), canceled, Clock.systemUTC());
    }

    @Bean
    HealthIndicator leasesHealthIndicator(ObjectProvider<LeaseLoop<?>> loops) {
        return new LeaseHealth(() -> loops.stream().filter(LeaseLoop::isRunning).map(LeaseLoop::status));
    }

    /** An answer that comes when the lock has run out is of no use. */
    static Duration renewalTimeout(LeaseProperties properties) {
        return properties.lock().minus(properties.renewEvery());
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
