package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * The lifecycle's topology with its stores, without brokers. As from brokers, it reads what it writes to one of its input topics. Closing it deletes
 * its stores. Not thread-safe.
 */
final class LifecycleDriver implements AutoCloseable {

    /** The topic of the only pool. */
    static final String REQUESTS = Topic.generationRequested("default");

    /** The topics of tasks. */
    static final List<String> TASKS =
            List.of(REQUESTS, Topic.SPLIT_REQUESTED, Topic.PROMPT_REQUESTED, Topic.PUBLISH_REQUESTED);

    private static final EventCodec CODEC = new EventCodec("test");

    private final TopologyTestDriver driver;

    /** A driver with the plan of all requests, whose clock shows the real time. */
    LifecycleDriver(Path stateDirectory, List<String> lastRecordIds, MeterRegistry meters) {
        this(
                stateDirectory,
                TaskPlan.ofRequests(),
                lastRecordIds,
                new ReconciliationQueue(new SimpleMeterRegistry(), new JobPartitions(1)),
                meters,
                Instant.now());
    }

    /** A driver of the first of several partitions. It gets all records of the topics, as if each had a key of a job in this partition. */
    static LifecycleDriver ofFirstPartition(Path stateDirectory, JobPartitions partitions) {
        return new LifecycleDriver(
                stateDirectory,
                partitions,
                TaskPlan.ofRequests(),
                List.of(),
                new ReconciliationQueue(new SimpleMeterRegistry(), partitions),
                new SimpleMeterRegistry(),
                Instant.now());
    }

    /**
     * Creates a driver.
     *
     * @param lastRecordIds ids of the last records in the output topics
     * @param now what the clock shows until {@link #advance}
     */
    LifecycleDriver(
            Path stateDirectory,
            TaskPlan plan,
            List<String> lastRecordIds,
            ReconciliationQueue reconciliations,
            MeterRegistry meters,
            Instant now) {
        this(stateDirectory, new JobPartitions(1), plan, lastRecordIds, reconciliations, meters, now);
    }

    private LifecycleDriver(
            Path stateDirectory,
            JobPartitions partitions,
            TaskPlan plan,
            List<String> lastRecordIds,
            ReconciliationQueue reconciliations,
            MeterRegistry meters,
            Instant now) {
        var builder = new StreamsBuilder();
        new LifecycleTopology(
                        new EventCodec("lifecycle"),
                        partitions,
                        partition -> lastRecordIds,
                        Duration.ofMinutes(1),
                        Duration.ofDays(30),
                        reconciliations,
                        new GenerationMetrics(meters),
                        plan)
                .accept(builder.stream(
                        List.of(REQUESTS, Topic.TASK_REPORTS, Topic.CANCELLATIONS),
                        Consumed.with(Serdes.String(), Serdes.ByteArray())));
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "lifecycle");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(builder.build(), settings, now);
    }

    /** Writes events to their topics. */
    void process(JobEvent... events) {
        process(List.of(events));
    }

    void process(List<? extends JobEvent> events) {
        for (var event : events) {
            var topic = Topic.of(event);
            var written = CODEC.record(topic, event);
            process(topic, new TestRecord<>(written.key(), written.value(), written.headers()));
        }
    }

    void process(String topic, TestRecord<String, byte[]> input) {
        driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
                .pipeInput(input);
    }

    /** What was written to a topic since the last call. */
    List<TestRecord<String, byte[]>> read(String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** What was written to topics since the last call, in the order of the topics. */
    List<TestRecord<String, byte[]>> read(List<String> topics) {
        return topics.stream().flatMap(topic -> read(topic).stream()).toList();
    }

    /** The number of records for each topic that was written to since the last call. */
    Map<String, Integer> counts(List<String> topics) {
        return topics.stream()
                .collect(Collectors.toMap(topic -> topic, topic -> read(topic).size()));
    }

    /** The public states that were written since the last call. */
    List<Job> states() {
        return read(Topic.JOBS).stream()
                .map(state -> EventCodec.read(state.value(), Job.class))
                .toList();
    }

    /** The CloudEvents id of a record. */
    static String id(TestRecord<String, byte[]> written) {
        return EventCodec.header(written.headers(), "ce_id");
    }

    void advance(Duration time) {
        driver.advanceWallClockTime(time);
    }

    KeyValueStore<String, JobHistory> histories() {
        return driver.getKeyValueStore(LifecycleProcessor.HISTORIES);
    }

    @Override
    public void close() {
        driver.close();
    }
}
