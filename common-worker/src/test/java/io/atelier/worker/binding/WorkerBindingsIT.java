package io.atelier.worker.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.ProvisioningFixture;
import io.atelier.messaging.Topic;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationListener;
import io.atelier.worker.cancellation.WorkerCommands;
import io.atelier.worker.presence.WorkerHeartbeat;
import io.atelier.worker.presence.WorkerInfo;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The bindings of worker.yml on a real broker. */
final class WorkerBindingsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final Instant now = Instant.now();
    private final RandomGenerator random = new Random();

    @Test
    void cancellationsAreReceivedFromBeforeTheStartWhileItRunsAndAfterTheBrokerWasAway() throws Exception {
        var broker = EmbeddedBroker.start(folder, 0);
        var servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.split(":", 2)[1]);
        ProvisioningFixture.provisioner(ProvisioningFixture.properties(servers, List.of("default")))
                .topics();
        var early = newJob();
        var outdated = newJob();
        cancel(servers, outdated, now.minus(Duration.ofDays(8)));
        send(servers, new ProducerRecord<>(Topic.CANCELLATIONS, "x", "{".getBytes(StandardCharsets.UTF_8)));
        cancel(servers, early, now);

        try (var worker = start(servers)) {
            // No wait here: what starts after the listener may lease at once.
            var jobs = worker.getBean(CanceledJobs.class);
            assertThat(worker.getBean(CancellationListener.class).isRunning()).isTrue();
            assertThat(jobs.contains(early)).isTrue();
            assertThat(jobs.contains(outdated)).isFalse();

            var running = newJob();
            var received = new CompletableFuture<Cancellation.Request>();
            jobs.onCancel((job, request) -> {
                if (job.equals(running)) {
                    received.complete(request);
                }
            });
            cancel(servers, running, now);
            assertThat(received).succeedsWithin(TIMEOUT);
            assertThat(received.get().grace()).isEqualTo(Duration.ofSeconds(7));

            broker.close();
            broker = EmbeddedBroker.start(folder, port);
            var late = newJob();
            cancel(servers, late, now);
            await().atMost(TIMEOUT).until(() -> jobs.contains(late));
        } finally {
            broker.close();
        }
    }

    @DisplayName("One consumer of each worker receives the commands to all workers and the cancellations")
    @Test
    void commandsReachEveryWorkerByTheConsumerOfItsCancellations() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var servers = broker.bootstrapServers();
            ProvisioningFixture.provisioner(ProvisioningFixture.properties(servers, List.of("default")))
                    .topics();
            var before = unload("requested-before-the-start");
            send(servers, new EventCodec("test").record(before));
            var canceled = newJob();
            cancel(servers, canceled, now);

            try (var one = start(servers);
                    var other = start(servers)) {
                assertThat(one.getBean(CanceledJobs.class).contains(canceled)).isTrue();
                var during = unload("requested-while-they-run");
                send(servers, new EventCodec("test").record(during));

                for (var worker : List.of(one, other)) {
                    var received = worker.getBean(ReceivedCommands.class).list;
                    await().atMost(TIMEOUT).until(() -> received.size() >= 2);
                    assertThat(received).containsExactly(before, during);
                }
                assertThat(assignments(servers))
                        .hasSize(2)
                        .containsOnly(Set.of(
                                new TopicPartition(Topic.CANCELLATIONS, 0),
                                new TopicPartition(Topic.WORKER_COMMANDS, 0)));
            }
        }
    }

    @Test
    void heartbeatsAreTheRecordsOfTheCodecByteForByteAndTheLastOneSaysThatTheWorkerLeaves() throws Exception {
        try (var broker = EmbeddedBroker.start(folder, 0)) {
            var servers = broker.bootstrapServers();
            start(servers).close();

            var records = records(servers);

            assertThat(records).hasSizeGreaterThanOrEqualTo(2);
            for (var record : records) {
                var worker = EventCodec.read(record.value(), WorkerAnnounced.class);
                var expected = new EventCodec("test").record(worker);
                assertThat(record.key()).isEqualTo(expected.key());
                assertThat(record.value()).isEqualTo(expected.value());
                assertThat(texts(record.headers())).containsExactlyInAnyOrderElementsOf(texts(expected.headers()));
            }
            assertThat(records)
                    .extracting(record -> EventCodec.read(record.value(), WorkerAnnounced.class)
                            .leaving())
                    .startsWith(false)
                    .endsWith(true)
                    .containsOnlyOnce(true);
        }
    }

    private ModelUnloadRequested unload(String model) {
        return new ModelUnloadRequested(model, now.truncatedTo(ChronoUnit.MILLIS));
    }

    /** The partitions of each consumer of the workers. */
    private static List<Set<TopicPartition>> assignments(String servers) throws Exception {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers))) {
            var groups = admin.listGroups().all().get(30, TimeUnit.SECONDS).stream()
                    .map(GroupListing::groupId)
                    .toList();
            return admin.describeConsumerGroups(groups).all().get(30, TimeUnit.SECONDS).values().stream()
                    .flatMap(group -> group.members().stream())
                    .map(member -> member.assignment().topicPartitions())
                    .toList();
        }
    }

    private static ConfigurableApplicationContext start(String servers) {
        return new SpringApplicationBuilder(WorkerApplication.class)
                .properties("spring.config.name=worker")
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.NONE)
                .run("--io.atelier.messaging.bootstrap-servers=" + servers, "--io.atelier.messaging.component=test");
    }

    private static List<ConsumerRecord<String, byte[]>> records(String servers) {
        var configs = Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        try (var consumer = new KafkaConsumer<>(configs, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partition = List.of(new TopicPartition(Topic.WORKERS, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            long end = consumer.endOffsets(partition).getOrDefault(partition.get(0), 0L);
            var records = new ArrayList<ConsumerRecord<String, byte[]>>();
            while (consumer.position(partition.get(0)) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private static List<String> texts(Headers headers) {
        return Arrays.stream(headers.toArray())
                .map((Header header) -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private void cancel(String servers, JobId job, Instant at) throws Exception {
        var request = new CancelRequested(job, at, CanceledBy.CLIENT, null, Duration.ofSeconds(7));
        send(servers, new EventCodec("test").record(Topic.CANCELLATIONS, request));
    }

    private static void send(String servers, ProducerRecord<String, byte[]> record) throws Exception {
        var configs = Map.<String, Object>of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        try (var producer = new KafkaProducer<>(configs, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record).get(30, TimeUnit.SECONDS);
        }
    }

    private JobId newJob() {
        return JobId.create(now, random);
    }

    private record ReceivedCommands(List<WorkerCommand> list) {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({MessagingConfiguration.class, BindingConfiguration.class})
    static class WorkerApplication {

        @Bean
        CanceledJobs canceledJobs() {
            return new CanceledJobs();
        }

        @Bean
        ReceivedCommands receivedCommands(WorkerCommands commands) {
            var received = new ReceivedCommands(new CopyOnWriteArrayList<>());
            commands.onCommand(received.list::add);
            return received;
        }

        @Bean
        WorkerHeartbeat heartbeat() {
            var info = new WorkerInfo("worker-1", WorkerAnnounced.GENERATOR, "default", List.of("pocket"), "cpu", 2);
            return new WorkerHeartbeat(
                    info, () -> new WorkerLoad(0, 0, null), Duration.ofSeconds(30), Clock.systemUTC());
        }

        /** Stops before the heartbeat, as task consumers do, and takes longer than several polls. */
        @Bean
        SmartLifecycle runningTasks() {
            return new SmartLifecycle() {

                private volatile boolean running;

                @Override
                public void start() {
                    running = true;
                }

                @Override
                public void stop() {
                    running = false;
                    try {
                        TimeUnit.SECONDS.sleep(1);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }

                @Override
                public boolean isRunning() {
                    return running;
                }

                @Override
                public int getPhase() {
                    return Integer.MAX_VALUE - 100;
                }
            };
        }
    }
}
