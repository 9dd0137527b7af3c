package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.streams.StreamsConfiguration;
import io.atelier.gateway.streams.StreamsProperties;
import io.atelier.gateway.view.ViewKafkaConfiguration;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.MessagingProperties;
import io.atelier.messaging.Topic;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The lifecycle as a whole: Kafka Streams with its binder, on an embedded broker. */
class LifecycleIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final EventCodec CODEC = new EventCodec("test");

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stopBroker() {
        producer.close(Duration.ofSeconds(5));
        broker.close();
    }

    @Test
    void jobsSurviveARestartAndAreAnnouncedOnce() throws Exception {
        var first = newId();
        try (var gateway = start()) {
            send(JobEventFixtures.requested(first, null));
            assertThat(awaitVersion(gateway, first, 1).status()).isEqualTo(JobStatus.QUEUED);
            send(new TaskStarted(first, "generate", 1, Instant.now(), JobEventFixtures.WORKER));
            assertThat(awaitVersion(gateway, first, 2).status()).isEqualTo(JobStatus.RUNNING);
        }
        send(succeeded(first));
        try (var gateway = start()) {
            assertThat(awaitVersion(gateway, first, 3).status()).isEqualTo(JobStatus.SUCCEEDED);
            var second = newId();
            send(JobEventFixtures.requested(second, null));
            awaitVersion(gateway, second, 1);
        }

        assertThat(folder.resolve("streams")).isDirectoryRecursivelyContaining("glob:**/atelier-lifecycle/0_*");
        assertThat(announced(first))
                .containsExactly(
                        "io.atelier.generation.accepted.v1",
                        "io.atelier.generation.started.v1",
                        "io.atelier.generation.succeeded.v1");
    }

    @Test
    void changelogsUseTheTimeOfTheBroker() throws Exception {
        var id = newId();
        try (var gateway = start()) {
            send(JobEventFixtures.requested(id, null));
            awaitVersion(gateway, id, 1);
        }

        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            var changelogs = admin.listTopics().names().get().stream()
                    .filter(name -> name.endsWith("-changelog"))
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            assertThat(admin.describeConfigs(changelogs).all().get().values())
                    .isNotEmpty()
                    .allSatisfy(configs -> assertThat(
                                    configs.get("message.timestamp.type").value())
                            .isEqualTo("LogAppendTime"));
        }
    }

    @Test
    void aViewThatHasCaughtUpContainsAllEarlierRecords() throws Exception {
        var last = newId();
        try (var gateway = start()) {
            var jobs = gateway.getBean(Jobs.class);
            for (int i = 0; i < 50; i++) {
                last = newId();
                var state = FoldedJob.after(List.of(JobEventFixtures.requested(last, null)))
                        .orElseThrow();
                producer.send(CODEC.record(state, Instant.now())).get(30, TimeUnit.SECONDS);
                jobs.caughtUp(TIMEOUT).block(TIMEOUT);
                assertThat(jobs.find(last)).contains(state);
            }
        }
        try (var gateway = start()) {
            var jobs = gateway.getBean(Jobs.class);
            jobs.caughtUp(TIMEOUT).block(TIMEOUT);
            assertThat(jobs.find(last)).isPresent();
        }
    }

    @Test
    void anAcceptedJobIsVisibleOnceLifecycleAndViewHaveCaughtUp() throws Exception {
        try (var gateway = start()) {
            submitAndAwait(gateway, newId());
        }
        var waiting = newId();
        send(JobEventFixtures.requested(waiting, null));

        try (var offsetsOnly = startOffsetsOnly()) {
            var caughtUp = offsetsOnly.getBean(LifecycleOffsets.class).lifecycleCaughtUp(Duration.ofSeconds(1));
            assertThatThrownBy(() -> caughtUp.block(TIMEOUT)).isInstanceOf(JobsNotReady.class);
        }

        try (var gateway = start()) {
            awaitVisible(gateway, waiting);
            for (int i = 0; i < 20; i++) {
                submitAndAwait(gateway, newId());
            }
        }
    }

    private static void submitAndAwait(ConfigurableApplicationContext gateway, JobId id) throws Exception {
        send(JobEventFixtures.requested(id, null));
        awaitVisible(gateway, id);
    }

    private static void awaitVisible(ConfigurableApplicationContext gateway, JobId id) {
        var jobs = gateway.getBean(Jobs.class);
        gateway.getBean(LifecycleOffsets.class).lifecycleCaughtUp(TIMEOUT).block(TIMEOUT);
        jobs.caughtUp(TIMEOUT).block(TIMEOUT);
        assertThat(jobs.find(id)).isPresent();
    }

    private static ConfigurableApplicationContext startOffsetsOnly() {
        return new SpringApplicationBuilder(OffsetsOnly.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=lifecycle")
                .run("--io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers());
    }

    private static ConfigurableApplicationContext start() {
        var context = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties("spring.config.name=lifecycle")
                .run(
                        "--spring.cloud.function.definition=lifecycle;progress;workers",
                        "--io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers(),
                        "--io.atelier.streams.state-directory=" + folder.resolve("streams"));
        Awaitility.await()
                .atMost(TIMEOUT)
                .until(() -> context.getBean(Jobs.class).ready());
        return context;
    }

    private static Job awaitVersion(ConfigurableApplicationContext gateway, JobId id, int version) {
        var job = gateway.getBean(Jobs.class).await(id, version, TIMEOUT).block(TIMEOUT);
        return Objects.requireNonNull(job, () -> "version %d of %s was not published".formatted(version, id));
    }

    private static void send(JobEvent event) throws Exception {
        producer.send(CODEC.record(Topic.of(event), event)).get(30, TimeUnit.SECONDS);
    }

    private static TaskSucceeded succeeded(JobId id) {
        return new TaskSucceeded(
                id,
                "generate",
                1,
                Instant.now(),
                JobEventFixtures.WORKER,
                List.of(JobEventFixtures.image("generate", 1, 0)),
                List.of(),
                5L,
                null,
                null,
                List.of(),
                null,
                null,
                null);
    }

    private static JobId newId() {
        return JobId.create(Instant.now(), new SecureRandom());
    }

    private static List<String> announced(JobId id) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(Topic.EVENTS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records.stream()
                    .filter(record -> id.value().equals(record.key()))
                    .map(record -> EventCodec.type(record.headers()))
                    .toList();
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({
        MessagingConfiguration.class,
        StreamsConfiguration.class,
        LifecycleConfiguration.class,
        ViewKafkaConfiguration.class
    })
    static class App {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }

    /** A gateway without a lifecycle, so that nothing processes the requests. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableConfigurationProperties({MessagingProperties.class, StreamsProperties.class})
    static class OffsetsOnly {

        @Bean
        LifecycleOffsets lifecycleOffsets(MessagingProperties messaging, StreamsProperties streams) {
            return new ViewKafkaConfiguration()
                    .lifecycleOffsets(messaging, streams, KafkaClientFactory.of(messaging.bootstrapServers()));
        }
    }
}
