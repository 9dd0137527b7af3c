package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.JobsInView;
import io.atelier.gateway.streams.LifecycleTopics;
import io.atelier.gateway.streams.StreamsConfiguration;
import io.atelier.gateway.view.ViewKafkaConfiguration;
import io.atelier.gateway.view.jobs.Jobs;
import io.atelier.gateway.view.jobs.LifecycleOffsets;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.MessagingConfiguration;
import io.atelier.messaging.Topic;
import io.atelier.messaging.TopicProvisioner;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.FileRecords;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.FileSystemUtils;

/**
 * A machine loses power: the last records of a log, which were confirmed and consumed, are not on its disk. The cases run at the same time, since
 * each waits most of its time until sessions with its broker end.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("processes")
class LostTailIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final EventCodec CODEC = new EventCodec("test");
    private static final String REQUESTS = Topic.generationRequested("default");
    private static final String HISTORIES = "atelier-lifecycle-" + LifecycleProcessor.HISTORIES + "-changelog";

    /** The folders of a system with open and ended jobs that was stopped. Each test begins with a copy. */
    @TempDir
    static Path stopped;

    private static final List<JobId> STOPPED_JOBS = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeAll
    static void runAndStopASystem() throws Exception {
        try (var broker = EmbeddedBroker.start(stopped.resolve("broker"), 0);
                var system = new RunningGateway(broker, stopped)) {
            for (int i = 0; i < 4; i++) {
                STOPPED_JOBS.add(system.submit());
            }
            system.workOn(3, STOPPED_JOBS.get(0), STOPPED_JOBS.get(1));
        }
    }

    /** Some of these topics may lose the records of all jobs, others those of some. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "atelier.generation-requested.default",
                "atelier.task-reports",
                "atelier.jobs",
                "atelier.events",
                "atelier-lifecycle-job-histories-changelog",
                "all"
            })
    void everyJobEndsAndEventsAgreeWithStates(String lost) throws Exception {
        FileSystemUtils.copyRecursively(stopped, folder);
        var jobs = new ArrayList<>(STOPPED_JOBS);

        var topics = lost.equals("all") ? List.of(REQUESTS, Topic.TASK_REPORTS, Topic.JOBS, HISTORIES) : List.of(lost);
        for (var topic : topics) {
            cutTails(topic);
        }

        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                var system = new RunningGateway(broker, folder)) {
            jobs.add(system.submit());
            system.workUntilEnded(jobs);
            system.assertTopicsAgree(jobs);
        }
    }

    /** The request of a job that only splits is in the topic of reports, where the survey must find it. */
    @Test
    void aJobThatOnlySplitsIsRestoredFromTheTopicOfReports() throws Exception {
        FileSystemUtils.copyRecursively(stopped, folder);
        var job = JobEventFixtures.JOB;
        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                var system = new RunningGateway(broker, folder)) {
            system.send(JobEventFixtures.splitRequested());
            system.await(job, 1);
        }

        for (var topic : List.of(Topic.JOBS, Topic.EVENTS, Topic.SPLIT_REQUESTED, HISTORIES)) {
            cutTails(topic);
        }

        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                var system = new RunningGateway(broker, folder)) {
            system.await(job, 1);
            system.awaitTask(Topic.SPLIT_REQUESTED, "split");
            system.send(JobEventFixtures.started("split", 1));
            system.send(JobEventFixtures.split("split", 1));
            system.await(job, 3);
            system.assertTopicsAgree(List.of(job));
        }
    }

    /** Each of the partitions has jobs that are compared with the topics by the stream task of that partition, and by no other. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyJobEndsWhereTheLifecycleWorksInSeveralPartitions(boolean copiesAreLost) throws Exception {
        var jobs = new ArrayList<JobId>();
        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                var system = new RunningGateway(broker, folder, PARTITIONS)) {
            var covered = new HashSet<Integer>();
            while (jobs.size() < 4 * PARTITIONS || covered.size() < PARTITIONS) {
                jobs.add(system.submitUnseen());
                covered.add(new JobPartitions(PARTITIONS)
                        .of(jobs.get(jobs.size() - 1).value()));
            }
            system.workOn(PARTITIONS, jobs.get(0), jobs.get(1));
            assertThat(system.repairs())
                    .as("an input that is only copied is not missing")
                    .isZero();
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            assertThat(folder).isDirectoryRecursivelyContaining("glob:**/atelier-lifecycle/1_" + partition);
        }

        for (var topic : List.of(Topic.JOBS, Topic.EVENTS, HISTORIES)) {
            cutTails(topic);
        }
        if (copiesAreLost) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(FileSystemUtils.deleteRecursively(
                                folder.resolve("broker").resolve(LifecycleTopics.INPUTS_BY_JOB + "-" + partition)))
                        .isTrue();
            }
        }

        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            assertThatThrownBy(() -> new RunningGateway(broker, folder, 1))
                    .rootCause()
                    .hasMessageContaining("ATELIER_LIFECYCLE_PARTITIONS is 1")
                    .hasMessageContaining("Set it to 4");
            try (var system = new RunningGateway(broker, folder, PARTITIONS)) {
                // What is committed of a log that lost its records says nothing about new ones.
                jobs.add(copiesAreLost ? system.submit() : system.submitUnseen());
                system.workUntilEnded(jobs);
                system.assertTopicsAgree(jobs);
                assertThat(system.repairs()).isPositive();
            }
        }
    }

    /** The submission of an avatar is in the topic of reports, and its tasks are in four topics. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void anAvatarGetsItsLostTasksAgainAndEnds(int done) throws Exception {
        FileSystemUtils.copyRecursively(stopped, folder);
        var tasks = List.of("prompt-0", "base", "grid-0", "split-0", "publish");
        var topics =
                List.of(Topic.PROMPT_REQUESTED, REQUESTS, REQUESTS, Topic.SPLIT_REQUESTED, Topic.PUBLISH_REQUESTED);
        var lost = done == 0 ? List.of(0, 1) : List.of(done);
        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                var system = new RunningGateway(broker, folder)) {
            system.send(AvatarFixtures.requested(AvatarFixtures.avatar(4)));
            system.complete(tasks.subList(0, done));
            for (int task : lost) {
                system.awaitTask(topics.get(task), tasks.get(task));
            }
        }

        for (var topic : List.of(Topic.JOBS, Topic.EVENTS, HISTORIES)) {
            cutTails(topic);
        }
        for (int task : lost) {
            cutTails(topics.get(task));
        }

        try (var broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
                var system = new RunningGateway(broker, folder)) {
            for (int task : lost) {
                system.awaitTask(topics.get(task), tasks.get(task));
            }
            system.complete(tasks.subList(done, tasks.size()));
            system.await(JobEventFixtures.JOB, 1 + tasks.size());
            system.assertTopicsAgree(List.of(JobEventFixtures.JOB));
        }
    }

    /** Removes the last record batch of each partition, as a file system does that had not written it yet. */
    private void cutTails(String topic) throws IOException {
        int cut = 0;
        try (var partitions = Files.newDirectoryStream(folder.resolve("broker"), topic + "-*")) {
            for (var partition : partitions) {
                try (var segments = Files.newDirectoryStream(partition, "*.log")) {
                    for (var segment : segments) {
                        cut += cutTail(segment) ? 1 : 0;
                    }
                }
            }
        }
        assertThat(cut).as("partitions of %s that lost a record", topic).isPositive();
        Files.deleteIfExists(folder.resolve("broker").resolve(".kafka_cleanshutdown"));
    }

    private static boolean cutTail(Path segment) throws IOException {
        int last = -1;
        try (var records = FileRecords.open(segment.toFile(), false)) {
            for (var batch : records.batches()) {
                last = batch.position();
            }
        }
        if (last < 0) {
            return false;
        }
        try (var file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(last);
        }
        return true;
    }

    /** A gateway, a producer, and workers without an engine. */
    private static final class RunningGateway implements AutoCloseable {

        private final EmbeddedBroker broker;
        private final KafkaProducer<String, byte[]> producer;
        private final ConfigurableApplicationContext context;
        private final KafkaShareConsumer<String, byte[]> worker;

        RunningGateway(EmbeddedBroker broker, Path folder) {
            this(broker, folder, 1);
        }

        /** @param partitions of the lifecycle */
        RunningGateway(EmbeddedBroker broker, Path folder, int partitions) {
            this.broker = broker;
            producer = new KafkaProducer<>(
                    Map.of(
                            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            broker.bootstrapServers(),
                            ProducerConfig.ACKS_CONFIG,
                            "all"),
                    new StringSerializer(),
                    new ByteArraySerializer());
            context = new SpringApplicationBuilder(App.class)
                    .web(WebApplicationType.NONE)
                    .properties("spring.config.name=lifecycle")
                    .run(
                            "--spring.cloud.function.definition=lifecycle;progress;workers",
                            "--io.atelier.messaging.bootstrap-servers=" + broker.bootstrapServers(),
                            "--io.atelier.lifecycle.reconciliation-grace-period=1s",
                            "--io.atelier.lifecycle.reconciliation-interval=2s",
                            "--io.atelier.streams.lifecycle-partitions=" + partitions,
                            "--io.atelier.streams.state-directory=" + folder.resolve("streams"));
            Awaitility.await().atMost(TIMEOUT).until(() -> jobs().ready());
            context.getBean(TopicProvisioner.class)
                    .group(REQUESTS, Topic.generators("default"), Map.of("share.auto.offset.reset", "earliest"));
            worker = new KafkaShareConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            broker.bootstrapServers(),
                            ConsumerConfig.GROUP_ID_CONFIG,
                            Topic.generators("default")),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            worker.subscribe(List.of(REQUESTS));
        }

        JobId submit() throws Exception {
            var id = JobId.create(Instant.now(), new SecureRandom());
            send(JobEventFixtures.requested(id, null));
            await(id, 1);
            return id;
        }

        /** As for a client who asks for an id that the view does not show: it does once the lifecycle and the view have caught up. */
        JobId submitUnseen() throws Exception {
            var id = JobId.create(Instant.now(), new SecureRandom());
            send(JobEventFixtures.requested(id, null));
            context.getBean(LifecycleOffsets.class).lifecycleCaughtUp(TIMEOUT).block(TIMEOUT);
            jobs().caughtUp(TIMEOUT).block(TIMEOUT);
            assertThat(jobs().find(id)).isPresent();
            return id;
        }

        /** The differences between jobs and topics that were repaired. */
        double repairs() {
            return context.getBean(MeterRegistry.class).find("atelier.lifecycle.reconciled").counters().stream()
                    .mapToDouble(Counter::count)
                    .sum();
        }

        /** Completes this number of tasks, but reports the end only of those of the given jobs. */
        void workOn(int tasks, JobId... reported) throws Exception {
            var end = Instant.now().plus(TIMEOUT);
            int done = 0;
            while (done < tasks) {
                assertThat(Instant.now()).isBefore(end);
                for (var delivered : worker.poll(Duration.ofMillis(200))) {
                    var task = (GenerationRequested) EventCodec.event(delivered.headers(), delivered.value())
                            .orElseThrow();
                    send(new TaskStarted(
                            task.job(), task.task(), task.attempt(), Instant.now(), JobEventFixtures.WORKER));
                    await(task.job(), 2);
                    if (List.of(reported).contains(task.job())) {
                        send(succeeded(task));
                        await(task.job(), 3);
                    }
                    done++;
                }
                worker.commitSync();
            }
        }

        void workUntilEnded(List<JobId> all) throws Exception {
            var end = Instant.now().plus(TIMEOUT);
            while (!all.stream().allMatch(this::hasEnded)) {
                assertThat(Instant.now())
                        .as("jobs: %s", all.stream().map(jobs()::find).toList())
                        .isBefore(end);
                for (var delivered : worker.poll(Duration.ofMillis(200))) {
                    var task = (GenerationRequested) EventCodec.event(delivered.headers(), delivered.value())
                            .orElseThrow();
                    int attempt = task.attempt() + delivered.deliveryCount().orElse((short) 1) - 1;
                    send(new TaskStarted(task.job(), task.task(), attempt, Instant.now(), JobEventFixtures.WORKER));
                    send(succeeded(task));
                }
                worker.commitSync();
            }
        }

        /** Both topics show every job with the same versions, each event with one id, and the last state is the end. */
        void assertTopicsAgree(List<JobId> all) {
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        var events = versions(Topic.EVENTS);
                        var states = versions(Topic.JOBS);
                        for (var job : all) {
                            int last = jobs().find(job).orElseThrow().version();
                            assertThat(events.get(job.value()))
                                    .as("events of %s", job)
                                    .containsAll(IntStream.rangeClosed(1, last)
                                            .boxed()
                                            .toList());
                            assertThat(states.get(job.value()))
                                    .as("states of %s", job)
                                    .endsWith(last);
                            assertThat(jobs().find(job)).map(Job::status).contains(JobStatus.SUCCEEDED);
                        }
                    });
        }

        private Map<String, List<Integer>> versions(String topic) {
            var versions = new HashMap<String, List<Integer>>();
            try (var consumer = new KafkaConsumer<>(
                    Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                    new StringDeserializer(),
                    new ByteArrayDeserializer())) {
                var partitions = consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                var ends = consumer.endOffsets(partitions);
                while (partitions.stream()
                        .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(read -> versions.computeIfAbsent(read.key(), key -> new ArrayList<>())
                                    .add(Integer.parseInt(EventCodec.header(read.headers(), "ce_sequence"))));
                }
            }
            return versions;
        }

        /** Reports that workers completed the first attempts at tasks of the job of the fixtures. */
        void complete(List<String> tasks) throws Exception {
            for (var task : tasks) {
                send(AvatarFixtures.succeeded(task, 1));
            }
        }

        /** The first attempt at a task of the job of the fixtures is in its topic, whatever was cut off. */
        void awaitTask(String topic, String task) {
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> ids(topic).contains(JobEventFixtures.JOB + "/" + task + "/1/requested"));
        }

        private List<String> ids(String topic) {
            var ids = new ArrayList<String>();
            try (var consumer = new KafkaConsumer<>(
                    Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                    new StringDeserializer(),
                    new ByteArrayDeserializer())) {
                var partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(read -> ids.add(EventCodec.header(read.headers(), "ce_id")));
                }
            }
            return ids;
        }

        private boolean hasEnded(JobId job) {
            return jobs().find(job).filter(found -> found.status().terminal()).isPresent();
        }

        private void await(JobId job, int version) {
            assertThat(jobs().await(job, version, TIMEOUT).block(TIMEOUT))
                    .as("version %d of %s", version, job)
                    .isNotNull();
        }

        private Jobs jobs() {
            return context.getBean(Jobs.class);
        }

        private void send(JobEvent event) throws Exception {
            producer.send(CODEC.record(Topic.of(event), event)).get(30, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            worker.close();
            context.close();
            producer.close(Duration.ofSeconds(5));
        }
    }

    private static TaskSucceeded succeeded(GenerationRequested task) {
        return new TaskSucceeded(
                task.job(),
                task.task(),
                task.attempt(),
                Instant.now(),
                JobEventFixtures.WORKER,
                List.of(JobEventFixtures.image(task.task(), task.attempt(), 0)),
                List.of(),
                5L,
                null,
                null,
                List.of(),
                null,
                null,
                null);
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

        @Bean
        PublishedJobs publishedJobs(Jobs jobs, Backlog backlog) {
            return new JobsInView(jobs, backlog);
        }
    }
}
