package io.atelier.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
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
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with several tasks at once, in the topology and its store. */
class ParallelTaskTopologyTests {

    private static final String REQUESTS = Topic.generationRequested("default");
    private static final EventCodec CODEC = new EventCodec("test");

    @TempDir
    Path stateDirectory;

    @RepeatedTest(20)
    void everyTaskAndEveryEventIsWrittenOnceAlsoIfTheLifecycleCrashes(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        var sample = ParallelJob.ofOneModel(seed, seed % 4 == 0);
        var expected = new LifecycleSimulation(sample.plan());
        // The driver itself passes the tasks of the lifecycle on to it.
        var events = SimulatedWorkers.withoutOwnTasks(sample.events(expected));
        var random = new Random(seed);
        int written = 1 + random.nextInt(events.size() - 1);
        int stored = written;
        while (stored < events.size() && sample.publication(events, stored + 1) <= written) {
            stored++;
        }

        List<String> ids;
        JobHistory history;
        try (var driver = start(sample.plan(), List.of())) {
            process(driver, events.subList(0, written));
            ids = ids(driver);
            // What follows from these is in the store, but not in the topics.
            process(driver, events.subList(written, stored));
            history = histories(driver).get(JobEventFixtures.JOB.value());
        }
        try (var driver = start(sample.plan(), ids)) {
            // The driver deletes its stores.
            histories(driver).put(JobEventFixtures.JOB.value(), history);
            process(driver, events.subList(random.nextInt(written + 1), events.size()));

            assertThat(Stream.concat(ids.stream(), ids(driver).stream()))
                    .containsExactlyInAnyOrderElementsOf(ids(expected));
        }
    }

    private TopologyTestDriver start(TaskPlan plan, List<String> lastRecordIds) {
        var builder = new StreamsBuilder();
        new LifecycleTopology(
                        new EventCodec("lifecycle"),
                        () -> lastRecordIds,
                        Duration.ofMinutes(1),
                        Duration.ofDays(30),
                        new ReconciliationQueue(new SimpleMeterRegistry()),
                        new GenerationMetrics(new SimpleMeterRegistry()),
                        plan)
                .accept(builder.stream(
                        List.of(REQUESTS, Topic.TASK_REPORTS, Topic.CANCELLATIONS),
                        Consumed.with(Serdes.String(), Serdes.ByteArray())));
        var settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "lifecycle");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        return new TopologyTestDriver(builder.build(), settings);
    }

    private static KeyValueStore<String, JobHistory> histories(TopologyTestDriver driver) {
        return driver.getKeyValueStore(LifecycleProcessor.HISTORIES);
    }

    private static void process(TopologyTestDriver driver, List<JobEvent> events) {
        for (var event : events) {
            var topic = Topic.of(event);
            var written = CODEC.record(topic, event);
            driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
                    .pipeInput(new TestRecord<>(written.key(), written.value(), written.headers()));
        }
    }

    /** The ids of the tasks and events that were written since the last call. */
    private static List<String> ids(TopologyTestDriver driver) {
        var ids = new ArrayList<String>();
        for (var topic : List.of(REQUESTS, Topic.SPLIT_REQUESTED, Topic.EVENTS)) {
            driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList()
                    .forEach(written -> ids.add(EventCodec.header(written.headers(), "ce_id")));
        }
        return ids;
    }

    private static List<String> ids(LifecycleSimulation lifecycle) {
        return lifecycle.written().stream()
                .map(id -> id.startsWith("task ")
                        ? "%s/%s/requested".formatted(JobEventFixtures.JOB, id.substring("task ".length()))
                        : id.substring(id.lastIndexOf(' ') + 1))
                .toList();
    }
}
