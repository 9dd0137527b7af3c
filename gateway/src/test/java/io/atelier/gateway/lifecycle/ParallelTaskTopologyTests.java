package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with several tasks at once, in the topology and its store. */
class ParallelTaskTopologyTests {

    private final ReconciliationQueue reconciliations =
            new ReconciliationQueue(new SimpleMeterRegistry(), new JobPartitions(1));

    @TempDir
    Path stateDirectory;

    @RepeatedTest(20)
    void everyTaskAndEveryEventIsWrittenOnceAlsoIfTheLifecycleCrashes(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        assertThatAllIsWrittenOnce(seed, ParallelJob.ofOneModel(seed, seed % 4 == 0));
    }

    @RepeatedTest(40)
    void everyTaskAndEveryEventOfAnAvatarIsWrittenOnceAlsoIfTheLifecycleCrashes(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        var avatar = AvatarFixtures.random(new Random(seed));
        assertThatAllIsWrittenOnce(seed, ParallelJob.ofAvatar(seed, avatar, seed % 4 == 0));
    }

    private void assertThatAllIsWrittenOnce(int seed, ParallelJob sample) {
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
            driver.process(events.subList(0, written));
            ids = ids(driver);
            // What follows from these is in the store, but not in the topics.
            driver.process(events.subList(written, stored));
            history = driver.histories().get(JobEventFixtures.JOB.value());
        }
        try (var driver = start(sample.plan(), ids)) {
            // The driver deletes its stores.
            driver.histories().put(JobEventFixtures.JOB.value(), history);
            driver.process(events.subList(random.nextInt(written + 1), events.size()));

            assertThat(Stream.concat(ids.stream(), ids(driver).stream()))
                    .containsExactlyInAnyOrderElementsOf(ids(expected));
        }
    }

    @Test
    void tasksThatAreDueInOneOfSeveralVersionsAtOnceAreAllWritten() {
        try (var driver = start(TaskPlanFixtures.branches(2), List.of())) {
            driver.process(List.of(TaskPlanFixtures.requested(), succeeded(TaskPlanFixtures.grid(1), 1)));
            driver.process(List.of(succeeded("generate", 1), succeeded(TaskPlanFixtures.PROMPT, 1)));

            assertThat(ids(driver))
                    .contains(id(TaskPlanFixtures.grid(0)), id(TaskPlanFixtures.split(1)))
                    .doesNotContain(id(TaskPlanFixtures.grid(1)), id(TaskPlanFixtures.split(0)));
        }
    }

    @Test
    void eachTaskThatItsTopicLostIsWrittenAgain() {
        try (var driver = start(TaskPlanFixtures.branches(2), List.of())) {
            driver.process(List.of(TaskPlanFixtures.requested(), succeeded("generate", 1)));
            driver.process(List.of(succeeded(TaskPlanFixtures.PROMPT, 1), succeeded(TaskPlanFixtures.grid(0), 1)));
            ids(driver);
            var held = JobTrace.task(TaskPlanFixtures.grid(1), 1);
            var shown = driver.histories().get(JobEventFixtures.JOB.value()).announcement(4);
            var trace = new JobTrace(
                    JobEventFixtures.JOB, List.of(), false, Set.of(held), Set.of(1, 2, 3, 4), false, 4, shown.job());

            var now = Instant.now();
            driver.advance(Duration.ofSeconds(10));
            reconciliations.offer(new TopicSurvey(now.plusSeconds(5), Set.of(0), List.of(trace), Map.of(), Map.of()));
            driver.advance(Duration.ofSeconds(10));

            assertThat(ids(driver)).containsExactly(id(TaskPlanFixtures.split(0)));
        }
    }

    private static String id(String task) {
        return "%s/%s/1/requested".formatted(JobEventFixtures.JOB, task);
    }

    private LifecycleDriver start(TaskPlan plan, List<String> lastRecordIds) {
        return new LifecycleDriver(
                stateDirectory, plan, lastRecordIds, reconciliations, new SimpleMeterRegistry(), Instant.now());
    }

    /** The ids of the tasks and events that were written since the last call. */
    private static List<String> ids(LifecycleDriver driver) {
        return Stream.concat(driver.read(LifecycleDriver.TASKS).stream(), driver.read(Topic.EVENTS).stream())
                .map(LifecycleDriver::id)
                .toList();
    }

    private static List<String> ids(LifecycleSimulation lifecycle) {
        return lifecycle.written().stream()
                .map(id -> id.startsWith("task ")
                        ? "%s/%s/requested".formatted(JobEventFixtures.JOB, id.substring("task ".length()))
                        : id.substring(id.lastIndexOf(' ') + 1))
                .toList();
    }
}
