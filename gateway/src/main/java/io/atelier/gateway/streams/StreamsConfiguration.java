package io.atelier.gateway.streams;

import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.ProvisioningFailed;
import io.atelier.messaging.TopicProvisioner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
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
        return StateDirectory.open(properties.stateDirectory(), clusterId(clients, properties));
    }

    /** The id of the cluster, whose lifecycle works in as many partitions as configured here, or has never worked. */
    private static String clusterId(KafkaClientFactory clients, StreamsProperties properties) {
        var timeout = properties.startTimeout();
        Map<String, Object> settings =
                Map.of(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        try (var admin = clients.admin(settings)) {
            var id = admin.describeCluster().clusterId();
            var histories = Objects.requireNonNull(admin.describeTopics(List.of(LifecycleTopics.HISTORIES))
                    .topicNameValues()
                    .get(LifecycleTopics.HISTORIES));
            check(partitions(histories, timeout), properties.lifecyclePartitions());
            return id.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failure(e, clients.bootstrapServers(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a Kafka broker", e);
        }
    }

    /** What to report if the brokers did not describe the cluster or its lifecycle. */
    static RuntimeException failure(Exception failure, String servers, Duration timeout) {
        @Nullable Throwable refusal = failure.getCause();
        if (failure instanceof ExecutionException && refusal != null && !(refusal instanceof RetriableException)) {
            return new ProvisioningFailed(
                    "Kafka at %s refused to describe the cluster or the topic %s: %s"
                            .formatted(servers, LifecycleTopics.HISTORIES, refusal.getMessage()),
                    failure);
        }
        return new IllegalStateException(
                "No Kafka broker answered at %s within %d s.".formatted(servers, timeout.toSeconds()), failure);
    }

    /** The number of partitions of a topic; 0 if it does not exist. */
    private static int partitions(KafkaFuture<TopicDescription> topic, Duration timeout)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return topic.get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .partitions()
                    .size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw e;
        }
    }

    private static void check(int existing, int configured) {
        if (existing != 0 && existing != configured) {
            throw new ProvisioningFailed(
                    "ATELIER_LIFECYCLE_PARTITIONS is %d, but the first start with this Kafka cluster has fixed it at %d, the number of partitions of %s: with another number, jobs would be looked for where they are not. Set it to %d, or use another cluster."
                            .formatted(configured, existing, LifecycleTopics.HISTORIES, existing),
                    null);
        }
    }
}
