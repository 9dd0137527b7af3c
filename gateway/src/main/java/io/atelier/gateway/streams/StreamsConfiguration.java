package io.atelier.gateway.streams;

import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.TopicProvisioner;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Opens the directory in which the lifecycle and the view keep their stores. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamsProperties.class)
public class StreamsConfiguration {

    /** Depends on the provisioner, because everything that uses the directory reads topics. */
    @Bean
    StateDirectory stateDirectory(
            StreamsProperties properties, KafkaClientFactory clients, TopicProvisioner provisioner) {
        return StateDirectory.open(properties.stateDirectory(), clusterId(clients, properties.startTimeout()));
    }

    private static String clusterId(KafkaClientFactory clients, Duration timeout) {
        Map<String, Object> settings =
                Map.of(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        try (var admin = clients.admin(settings)) {
            return admin.describeCluster().clusterId().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "No Kafka broker answered at %s within %d s."
                            .formatted(clients.bootstrapServers(), timeout.toSeconds()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a Kafka broker", e);
        }
    }
}
