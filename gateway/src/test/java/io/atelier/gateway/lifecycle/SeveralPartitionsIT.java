package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobId;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.streams.LifecycleTopics;
import io.atelier.gateway.view.jobs.JobsNotReady;
import io.atelier.gateway.view.jobs.KafkaLifecycleOffsets;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on the offsets of a lifecycle that works in two partitions. No lifecycle runs: the tests write its records and commit for it. */
class SeveralPartitionsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final JobPartitions TWO = new JobPartitions(2);
    private static final EventCodec CODEC = new EventCodec("test");
    private static final TopicPartition REPORTS = new TopicPartition(Topic.TASK_REPORTS, 0);
    private static final TopicPartition COPIES_0 = new TopicPartition(LifecycleTopics.INPUTS_BY_JOB, 0);
    private static final TopicPartition COPIES_1 = new TopicPartition(LifecycleTopics.INPUTS_BY_JOB, 1);

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private KafkaClientFactory clients;
    private Admin admin;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        clients = KafkaClientFactory.of(broker.bootstrapServers());
        admin = clients.admin(Map.of());
        var brokerTime = Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        admin.createTopics(Stream.of(
                                new NewTopic(Topic.TASK_REPORTS, Optional.of(1), Optional.empty()),
                                new NewTopic(Topic.EVENTS, Optional.of(1), Optional.empty()),
                                new NewTopic(LifecycleTopics.INPUTS_BY_JOB, Optional.of(2), Optional.empty()))
                        .map(topic -> topic.configs(brokerTime))
                        .toList())
                .all()
                .get(30, TimeUnit.SECONDS);
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stop() {
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
        broker.close();
    }

    @Test
    void idsReachBackToTheFirstUncommittedCopyThroughTheRecordsOfOtherPartitions() throws Exception {
        var own = job(0);
        write(copy(own));
        var output = output(own);
        write(output);
        writeOutputsOfOthers();

        assertThat(lastIds(0)).containsExactly(id(output));
        assertThat(lastIds(1)).as("the last, and nothing is uncommitted").hasSize(1_000);
    }

    @Test
    void withoutUncommittedCopiesTheLastRecordsAreEnough() throws Exception {
        var own = job(0);
        write(copy(own));
        commit(COPIES_0, 1);
        write(output(own));
        writeOutputsOfOthers();

        assertThat(lastIds(0)).isEmpty();
    }

    @Test
    void onlyPartitionsThatHaveProcessedTheirCopiesAreSurveyed() throws Exception {
        write(copy(job(0)));
        write(copy(job(1)));
        commit(COPIES_1, 1);
        var groups = new GroupOffsets(admin, LifecycleTopics.GROUP, SHORT);

        assertThat(groups.awaitCommitted(LifecycleTopics.INPUTS_BY_JOB, Set.of(0, 1)))
                .containsExactly(1);
        assertThat(groups.awaitCommitted(LifecycleTopics.INPUTS_BY_JOB, Set.of(1)))
                .containsExactly(1);
        commit(COPIES_0, 1);
        assertThat(groups.awaitCommitted(LifecycleTopics.INPUTS_BY_JOB, Set.of(0, 1)))
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void theLifecycleHasCaughtUpWhenInputsAndCopiesAreCommitted() throws Exception {
        try (var offsets = new KafkaLifecycleOffsets(
                clients, LifecycleTopics.GROUP, List.of(Topic.TASK_REPORTS), List.of(LifecycleTopics.INPUTS_BY_JOB))) {
            caughtUp(offsets, TIMEOUT);

            var job = job(0);
            write(new ProducerRecord<>(Topic.TASK_REPORTS, 0, job.value(), new byte[] {1}));
            assertThatThrownBy(() -> caughtUp(offsets, SHORT)).as("not copied").isInstanceOf(JobsNotReady.class);

            write(copy(job));
            commit(REPORTS, 1);
            assertThatThrownBy(() -> caughtUp(offsets, SHORT))
                    .as("copied, not processed")
                    .isInstanceOf(JobsNotReady.class);

            commit(COPIES_0, 1);
            assertThatCode(() -> caughtUp(offsets, TIMEOUT)).doesNotThrowAnyException();
        }
    }

    private static void caughtUp(KafkaLifecycleOffsets offsets, Duration timeout) {
        offsets.lifecycleCaughtUp(timeout).block(TIMEOUT);
    }

    private List<String> lastIds(int partition) {
        try (var consumer = clients.<String, byte[]>consumer(
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        LifecycleTopics.GROUP,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            return new LastRecordIds(consumer, TWO, TIMEOUT).ids(List.of(Topic.EVENTS), partition);
        }
    }

    private void commit(TopicPartition partition, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(LifecycleTopics.GROUP, Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private void write(ProducerRecord<String, byte[]> record) throws Exception {
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    private void writeOutputsOfOthers() throws Exception {
        var written = new ArrayList<Future<?>>();
        for (int i = 0; i < 2_000; i++) {
            written.add(producer.send(output(job(1))));
        }
        for (var each : written) {
            each.get(30, TimeUnit.SECONDS);
        }
    }

    private static ProducerRecord<String, byte[]> copy(JobId job) {
        return new ProducerRecord<>(LifecycleTopics.INPUTS_BY_JOB, TWO.of(job.value()), job.value(), new byte[] {1});
    }

    /** Any record of a job, with an id of its own. */
    private static ProducerRecord<String, byte[]> output(JobId job) {
        return CODEC.record(Topic.EVENTS, new TaskStarted(job, "generate", 1, Instant.now(), JobEventFixtures.WORKER));
    }

    private static String id(ProducerRecord<String, byte[]> record) {
        return EventCodec.header(record.headers(), "ce_id");
    }

    private JobId job(int partition) {
        while (true) {
            var job = JobId.create(Instant.now(), random);
            if (TWO.of(job.value()) == partition) {
                return job;
            }
        }
    }
}
