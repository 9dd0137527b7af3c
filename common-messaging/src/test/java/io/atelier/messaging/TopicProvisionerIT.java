package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.LoopbackPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics and share groups with an embedded broker. */
final class TopicProvisionerIT {

    private final String pool = "pool-" + UUID.randomUUID();

    @Test
    void topicsHaveTheirConfiguration() throws Exception {
        provisioner(SharedBroker.bootstrapServers()).topics();

        try (var admin = admin()) {
            assertThat(partitions(admin, Topic.generationRequested(pool))).isEqualTo(1);
            assertThat(partitions(admin, Topic.SPLIT_REQUESTED)).isEqualTo(1);
            assertThat(partitions(admin, Topic.TASK_REPORTS)).isEqualTo(1);
            assertThat(partitions(admin, Topic.EVENTS)).isEqualTo(8);
            assertThat(setting(admin, Topic.JOBS, "cleanup.policy")).isEqualTo("compact");
            assertThat(setting(admin, Topic.EVENTS, "cleanup.policy")).isEqualTo("delete");
            assertThat(setting(admin, Topic.EVENTS, "retention.ms"))
                    .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
            assertThat(setting(admin, Topic.PROGRESS, "retention.ms"))
                    .isEqualTo(Long.toString(Duration.ofHours(1).toMillis()));
            assertThat(partitions(admin, Topic.WORKER_COMMANDS)).isEqualTo(1);
            assertThat(setting(admin, Topic.WORKER_COMMANDS, "cleanup.policy")).isEqualTo("delete");
            assertThat(setting(admin, Topic.WORKER_COMMANDS, "retention.ms"))
                    .isEqualTo(Long.toString(Duration.ofHours(1).toMillis()));
            assertThat(setting(admin, Topic.WORKER_COMMANDS, "segment.ms"))
                    .isEqualTo(Long.toString(Duration.ofMinutes(15).toMillis()));
        }
    }

    @Test
    void aRecordFromAClockThatIsAheadGetsTheTimeOfTheBroker() throws Exception {
        provisioner(SharedBroker.bootstrapServers()).topics();
        var ahead = Instant.now().plus(Duration.ofHours(2));

        var configs = Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers());
        try (var producer = new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer())) {
            var record = new ProducerRecord<>(Topic.TASK_REPORTS, 0, ahead.toEpochMilli(), "a key", "a value");
            var written = producer.send(record).get(30, TimeUnit.SECONDS);

            assertThat(Instant.ofEpochMilli(written.timestamp())).isBefore(ahead.minus(Duration.ofHours(1)));
        }
    }

    @Test
    void severalProcessesMayProvisionAtTheSameTimeAndAgain() {
        var starts = IntStream.range(0, 4)
                .mapToObj(process -> CompletableFuture.runAsync(() -> {
                    var each = provisioner(SharedBroker.bootstrapServers());
                    each.topics();
                    each.group(Topic.generationRequested(pool), Topic.generators(pool), earliest());
                }))
                .toArray(CompletableFuture<?>[]::new);

        assertThat(CompletableFuture.allOf(starts)).succeedsWithin(60, TimeUnit.SECONDS);
        provisioner(SharedBroker.bootstrapServers()).topics();
    }

    @Test
    void aGroupIsConfiguredBeforeItExists() throws Exception {
        provisioner(SharedBroker.bootstrapServers())
                .group(Topic.generationRequested(pool), Topic.generators(pool), earliest());

        try (var admin = admin()) {
            var group = new ConfigResource(ConfigResource.Type.GROUP, Topic.generators(pool));
            assertThat(setting(admin, group, "share.auto.offset.reset")).isEqualTo("earliest");
        }
    }

    @Test
    void aTopicWithAnotherNumberOfPartitionsIsRejected() throws Exception {
        try (var admin = admin()) {
            admin.createTopics(List.of(new NewTopic(Topic.generationRequested(pool), 3, (short) 1)))
                    .all()
                    .get();
        }

        assertThatExceptionOfType(ProvisioningFailed.class)
                .isThrownBy(() -> provisioner(SharedBroker.bootstrapServers()).topics())
                .withMessageContaining("atelier.generation-requested." + pool)
                .withMessageContaining("has 3 partitions; this system needs 1");
    }

    @Test
    void theProvisionerWaitsForABrokerThatStartsLater(@TempDir Path folder) throws Exception {
        int port = LoopbackPorts.freePort();
        var provisioned = CompletableFuture.runAsync(
                () -> provisioner("127.0.0.1:" + port).topics());
        assertThat(provisioned).isNotDone();

        try (var broker = EmbeddedBroker.start(folder, port)) {
            assertThat(provisioned).succeedsWithin(60, TimeUnit.SECONDS);
            assertThat(broker.bootstrapServers()).endsWith(":" + port);
        }
    }

    @Test
    void theProvisionerFailsIfNoBrokerStarts() throws Exception {
        var properties = new MessagingProperties(
                "127.0.0.1:" + LoopbackPorts.freePort(),
                "test",
                List.of(pool),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(100));

        assertThatExceptionOfType(ProvisioningFailed.class)
                .isThrownBy(() -> ProvisioningFixture.provisioner(properties).topics())
                .withMessageContaining("did not answer")
                .withMessageContaining("ATELIER_KAFKA");
    }

    private TopicProvisioner provisioner(String bootstrapServers) {
        return ProvisioningFixture.provisioner(ProvisioningFixture.properties(bootstrapServers, List.of(pool)));
    }

    private static Map<String, String> earliest() {
        return Map.of("share.auto.offset.reset", "earliest");
    }

    private static Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, SharedBroker.bootstrapServers()));
    }

    private static int partitions(Admin admin, String topic) throws ExecutionException, InterruptedException {
        var topics = admin.describeTopics(List.of(topic)).allTopicNames().get();
        return Objects.requireNonNull(topics.get(topic)).partitions().size();
    }

    private static String setting(Admin admin, String topic, String name)
            throws ExecutionException, InterruptedException {
        return setting(admin, new ConfigResource(ConfigResource.Type.TOPIC, topic), name);
    }

    private static String setting(Admin admin, ConfigResource resource, String name)
            throws ExecutionException, InterruptedException {
        var configs = admin.describeConfigs(List.of(resource)).all().get();
        return Objects.requireNonNull(configs.get(resource)).get(name).value();
    }
}
