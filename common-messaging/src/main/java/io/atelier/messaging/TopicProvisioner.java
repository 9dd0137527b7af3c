package io.atelier.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics and configures the share groups before the first use. Waits for brokers that start later. Idempotent; several processes may
 * run it at the same time. Blocks; thread-safe.
 */
public final class TopicProvisioner {

    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(10);

    private final MessagingProperties properties;
    private final KafkaClientFactory clients;

    TopicProvisioner(MessagingProperties properties, KafkaClientFactory clients) {
        this.properties = properties;
        this.clients = clients;
    }

    /**
     * Creates all missing topics, including those of the configured pools.
     *
     * @throws ProvisioningFailed if the brokers reject the request or do not answer in time, or if a topic has another number of partitions
     */
    public void topics() {
        createTopics(Topic.all(properties.pools(), properties.replication()));
    }

    /**
     * Creates a task topic if it is missing, and configures its share group. The group must be configured before its first worker subscribes,
     * because a group with default settings skips all earlier records.
     *
     * @param settings settings of the group by Kafka's names
     * @throws ProvisioningFailed if the brokers reject the request or do not answer in time
     */
    public void group(String topic, String group, Map<String, String> settings) {
        createTopics(List.of(Topic.taskTopic(topic, properties.replication())));
        var operations = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        retryUntilStarted("configure the share group " + group, admin -> {
            admin.incrementalAlterConfigs(Map.of(resource, operations)).all().get();
            awaitConfigured(admin, resource, settings);
        });
    }

    /** Waits until the brokers use the settings. The controller has them first; a worker that subscribes in between would use the old ones. */
    private static void awaitConfigured(Admin admin, ConfigResource group, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + CALL_TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            var current = Objects.requireNonNull(
                    admin.describeConfigs(List.of(group)).all().get().get(group));
            if (settings.entrySet().stream().allMatch(setting -> isSet(current, setting))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new TimeoutException("The settings of the share group " + group.name() + " did not reach the brokers");
    }

    private static boolean isSet(Config current, Map.Entry<String, String> setting) {
        var entry = current.get(setting.getKey());
        return entry != null && setting.getValue().equals(entry.value());
    }

    private void createTopics(Collection<NewTopic> required) {
        retryUntilStarted("create the topics", admin -> {
            var created = admin.createTopics(required).values();
            for (var creation : created.values()) {
                awaitUnlessExists(creation);
            }
            var existing =
                    admin.describeTopics(created.keySet()).allTopicNames().get();
            required.forEach(topic -> check(topic, Objects.requireNonNull(existing.get(topic.name()))));
        });
    }

    private static void awaitUnlessExists(KafkaFuture<Void> creation) throws ExecutionException, InterruptedException {
        try {
            creation.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static void check(NewTopic required, TopicDescription existing) {
        if (existing.partitions().size() != required.numPartitions()) {
            throw new ProvisioningFailed(
                    "Topic %s has %d partitions; this system needs %d, because keys would move otherwise. Delete the topic if its records are not needed, or use another Kafka cluster."
                            .formatted(required.name(), existing.partitions().size(), required.numPartitions()),
                    null);
        }
    }

    private void retryUntilStarted(String purpose, Operation operation) {
        long start = System.nanoTime();
        long nextLog = start;
        while (true) {
            try (var admin = clients.admin(configs())) {
                operation.run(admin);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProvisioningFailed("Interrupted while waiting for Kafka to " + purpose + ".", e);
            } catch (ExecutionException | KafkaException e) {
                var cause = Objects.requireNonNullElse(e instanceof ExecutionException ? e.getCause() : e, e);
                if (!isTransient(cause)) {
                    throw new ProvisioningFailed(
                            "Kafka at " + properties.bootstrapServers() + " refused to " + purpose + ": "
                                    + cause.getMessage(),
                            e);
                }
                failAfterTimeout(start, purpose, e);
                nextLog = logWaiting(nextLog, cause);
            }
            awaitRetry(purpose);
        }
    }

    private void failAfterTimeout(long start, String purpose, Exception cause) {
        var waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(properties.brokerStartTimeout()) > 0) {
            throw new ProvisioningFailed(
                    "Kafka at %s did not answer for %d s, so this process cannot %s. Start Kafka, or set ATELIER_KAFKA to its address."
                            .formatted(properties.bootstrapServers(), waited.toSeconds(), purpose),
                    cause);
        }
    }

    /** Logs that the process still waits, at most every 10 seconds. Returns the time of the next log line. */
    private long logWaiting(long nextLog, Throwable cause) {
        long now = System.nanoTime();
        if (now - nextLog < 0) {
            return nextLog;
        }
        LOG.info("Waiting for Kafka at {} to answer ({})", properties.bootstrapServers(), cause.getMessage());
        return now + LOG_INTERVAL.toNanos();
    }

    private static void awaitRetry(String purpose) {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningFailed("Interrupted while waiting for Kafka to " + purpose + ".", e);
        }
    }

    /** Whether the failure can disappear without intervention: some brokers are not started yet, or a host name is not resolvable yet. */
    private static boolean isTransient(Throwable failure) {
        return failure instanceof RetriableException
                || failure instanceof InvalidReplicationFactorException
                || isUnknownHost(failure)
                || (failure.getCause() != null && isUnknownHost(failure.getCause()));
    }

    private static boolean isUnknownHost(Throwable failure) {
        return failure instanceof ConfigException
                && String.valueOf(failure.getMessage()).contains("No resolvable bootstrap urls");
    }

    private Map<String, Object> configs() {
        return Map.of(
                AdminClientConfig.CLIENT_ID_CONFIG,
                properties.component() + "-provisioning",
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                2_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) CALL_TIMEOUT.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) CALL_TIMEOUT.toMillis());
    }

    /** Requests to the brokers that may be repeated. */
    @FunctionalInterface
    private interface Operation {
        void run(Admin admin) throws ExecutionException, InterruptedException;
    }
}
