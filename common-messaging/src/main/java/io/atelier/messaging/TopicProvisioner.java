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
 * Makes the topics and settles the share groups that the system needs, before anybody uses them. Waits for brokers that come up later.
 * Safe to run again, and by several processes at once. Blocks; thread-safe.
 */
public final class TopicProvisioner {

    private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioner.class);

    private static final Duration CALL = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final MessagingProperties properties;

    TopicProvisioner(MessagingProperties properties) {
        this.properties = properties;
    }

    /**
     * Makes the topics of every pool that the settings name, and all others.
     *
     * @throws ProvisioningFailed if the brokers refuse, or do not answer in time
     */
    public void topics() {
        topics(Topic.all(properties.pools(), properties.replication()));
    }

    /**
     * Makes a topic of orders unless it is there, and settles how its share group reads it. A group must be settled before its first worker
     * subscribes: until then it skips what was written earlier.
     *
     * @param settings the group's own, by Kafka's names
     * @throws ProvisioningFailed if the brokers refuse, or do not answer in time
     */
    public void group(String topic, String group, Map<String, String> settings) {
        topics(List.of(Topic.work(topic, properties.replication())));
        var operations = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        withPatience("settle the share group " + group, admin -> {
            admin.incrementalAlterConfigs(Map.of(resource, operations)).all().get();
            awaitSettled(admin, resource, settings);
        });
    }

    /** The controller has them at once, the brokers hear of them a little later; a worker that subscribes before that reads by the old. */
    private static void awaitSettled(Admin admin, ConfigResource group, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + CALL.toNanos();
        while (System.nanoTime() - deadline < 0) {
            var known = Objects.requireNonNull(
                    admin.describeConfigs(List.of(group)).all().get().get(group));
            if (settings.entrySet().stream().allMatch(setting -> isSet(known, setting))) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new TimeoutException("The settings of the share group " + group.name() + " did not reach the brokers");
    }

    private static boolean isSet(Config known, Map.Entry<String, String> setting) {
        var entry = known.get(setting.getKey());
        return entry != null && setting.getValue().equals(entry.value());
    }

    private void topics(Collection<NewTopic> wanted) {
        withPatience("make the topics", admin -> {
            var made = admin.createTopics(wanted).values();
            for (var creation : made.values()) {
                awaitUnlessThere(creation);
            }
            var there = admin.describeTopics(made.keySet()).allTopicNames().get();
            wanted.forEach(topic -> check(topic, Objects.requireNonNull(there.get(topic.name()))));
        });
    }

    private static void awaitUnlessThere(KafkaFuture<Void> creation) throws ExecutionException, InterruptedException {
        try {
            creation.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static void check(NewTopic wanted, TopicDescription there) {
        if (there.partitions().size() != wanted.numPartitions()) {
            throw new ProvisioningFailed(
                    "Topic %s has %d partitions; this system needs %d, since the keys would move otherwise. Delete the topic if nothing in it is needed, or use another Kafka."
                            .formatted(wanted.name(), there.partitions().size(), wanted.numPartitions()),
                    null);
        }
    }

    private void withPatience(String purpose, Step step) {
        long start = System.nanoTime();
        long nextLine = start;
        while (true) {
            try (var admin = Admin.create(configs())) {
                step.run(admin);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProvisioningFailed("Interrupted while waiting for Kafka to " + purpose + ".", e);
            } catch (ExecutionException | KafkaException e) {
                var cause = Objects.requireNonNullElse(e instanceof ExecutionException ? e.getCause() : e, e);
                if (!canPass(cause)) {
                    throw new ProvisioningFailed(
                            "Kafka at " + properties.bootstrapServers() + " refused to " + purpose + ": "
                                    + cause.getMessage(),
                            e);
                }
                giveUpAfter(start, purpose, e);
                nextLine = say(nextLine, cause);
            }
            pause(purpose);
        }
    }

    private void giveUpAfter(long start, String purpose, Exception cause) {
        var waited = Duration.ofNanos(System.nanoTime() - start);
        if (waited.compareTo(properties.brokerStartTimeout()) > 0) {
            throw new ProvisioningFailed(
                    "Kafka at %s did not answer for %d s, so this process cannot %s. Start Kafka, or set ATELIER_KAFKA to where it is."
                            .formatted(properties.bootstrapServers(), waited.toSeconds(), purpose),
                    cause);
        }
    }

    /** Now and then, for whoever looks on. Answers when the next line is due. */
    private long say(long nextLine, Throwable cause) {
        long now = System.nanoTime();
        if (now - nextLine < 0) {
            return nextLine;
        }
        LOG.info("Waiting for Kafka at {} to answer ({})", properties.bootstrapServers(), cause.getMessage());
        return now + BETWEEN_LINES.toNanos();
    }

    private static void pause(String purpose) {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProvisioningFailed("Interrupted while waiting for Kafka to " + purpose + ".", e);
        }
    }

    /** Whether time can mend it: brokers that are not up, or not all up, or a name that cannot be looked up yet. */
    private static boolean canPass(Throwable failure) {
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
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                properties.bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                properties.component() + "-provisioning",
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                2_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) CALL.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) CALL.toMillis());
    }

    /** Something asked of the brokers that may be asked again. */
    @FunctionalInterface
    private interface Step {
        void run(Admin admin) throws ExecutionException, InterruptedException;
    }
}
