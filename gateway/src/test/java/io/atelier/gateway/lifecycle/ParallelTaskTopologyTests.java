package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with several tasks at once, in the topology and its store. */
class ParallelTaskTopologyTests {

    private static final String REQUESTS = Topic.generationRequested("default");
    private static final EventCodec CODEC = new EventCodec("test");

    private final ReconciliationQueue reconciliations = new ReconciliationQueue(new SimpleMeterRegistry());

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

    @Test
    void tasksThatAreDueInOneOfSeveralVersionsAtOnceAreAllWritten() {
        try (var driver = start(TaskPlanFixtures.branches(2), List.of())) {
            process(driver, List.of(TaskPlanFixtures.requested(), succeeded(TaskPlanFixtures.grid(1), 1)));
            process(driver, List.of(succeeded("generate", 1), succeeded(TaskPlanFixtures.PROMPT, 1)));

            assertThat(ids(driver))
                    .contains(id(TaskPlanFixtures.grid(0)), id(TaskPlanFixtures.split(1)))
                    .doesNotContain(id(TaskPlanFixtures.grid(1)), id(TaskPlanFixtures.split(0)));
        }
    }

    @Test
    void eachTaskThatItsTopicLostIsWrittenAgain() {
        try (var driver = start(TaskPlanFixtures.branches(2), List.of())) {
            process(driver, List.of(TaskPlanFixtures.requested(), succeeded("generate", 1)));
            process(driver, List.of(succeeded(TaskPlanFixtures.PROMPT, 1), succeeded(TaskPlanFixtures.grid(0), 1)));
            ids(driver);
            var held = JobTrace.task(TaskPlanFixtures.grid(1), 1);
            var shown = histories(driver).get(JobEventFixtures.JOB.value()).announcement(4);
            var trace = new JobTrace(
                    JobEventFixtures.JOB, List.of(), false, Set.of(held), Set.of(1, 2, 3, 4), false, 4, shown.job());

            var now = Instant.now();
            driver.advanceWallClockTime(Duration.ofSeconds(10));
            reconciliations.offer(new TopicSurvey(now.plusSeconds(5), List.of(trace), Map.of(), Map.of()));
            driver.advanceWallClockTime(Duration.ofSeconds(10));

            assertThat(ids(driver)).containsExactly(id(TaskPlanFixtures.split(0)));
        }
    }

    private static String id(String task) {
        return "%s/%s/1/requested".formatted(JobEventFixtures.JOB, task);
    }

    private TopologyTestDriver start(TaskPlan plan, List<String> lastRecordIds) {
        var builder = new StreamsBuilder();
        new LifecycleTopology(
                        new EventCodec("lifecycle"),
                        () -> lastRecordIds,
                        Duration.ofMinutes(1),
                        Duration.ofDays(30),
                        reconciliations,
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
