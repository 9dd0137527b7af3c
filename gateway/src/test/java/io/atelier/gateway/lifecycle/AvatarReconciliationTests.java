package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.AvatarFixtures.avatar;
import static io.atelier.gateway.lifecycle.AvatarFixtures.held;
import static io.atelier.gateway.lifecycle.AvatarFixtures.released;
import static io.atelier.gateway.lifecycle.AvatarFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to an avatar when a topic or the state store has lost its last records. */
class AvatarReconciliationTests {

    private static final List<String> PLAN = TaskPlan.ofRequests().tasks(requested(avatar(8))).stream()
            .map(PlannedTask::name)
            .toList();

    @TempDir
    Path stateDirectory;

    private final ReconciliationQueue queue = new ReconciliationQueue(new SimpleMeterRegistry(), new JobPartitions(1));
    private LifecycleDriver driver;

    @BeforeEach
    void start() {
        driver = new LifecycleDriver(
                stateDirectory,
                TaskPlan.ofRequests(),
                List.of(),
                queue,
                new SimpleMeterRegistry(),
                NOON.plusSeconds(60));
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prompt-0", "base", "grid-0", "grid-1", "split-0", "split-1", "publish"})
    void lostTaskIsPublishedAgainAsItWasAndTheJobEnds(String lost) {
        var events = new ArrayList<JobEvent>(List.of(requested(avatar(8))));
        PLAN.subList(0, PLAN.indexOf(lost)).forEach(task -> events.add(succeeded(task)));
        driver.process(events);
        var first = driver.read(LifecycleDriver.TASKS).stream()
                .filter(task -> isAbout(task, lost))
                .toList();
        var held = open(events);
        held.remove(JobTrace.task(lost, 1));

        reconcile(events, held);

        var again = driver.read(LifecycleDriver.TASKS);
        assertThat(first).hasSize(1);
        assertThat(again).singleElement().satisfies(task -> {
            assertThat(task.value()).isEqualTo(first.get(0).value());
            assertThat(LifecycleDriver.id(task)).isEqualTo(LifecycleDriver.id(first.get(0)));
        });
        assertThat(driver.read(Topic.EVENTS)).isEmpty();
        PLAN.subList(PLAN.indexOf(lost), PLAN.size()).forEach(task -> driver.process(succeeded(task)));
        assertThat(driver.states()).last().extracting(Job::status).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void taskUnderWayWhoseReportIsLostIsPublishedAgainUnderTheNumberOfItsAttempt() {
        var events = List.<JobEvent>of(requested(avatar(4)), started("prompt-0", 2), started("base", 1));
        driver.process(events);
        driver.read(LifecycleDriver.TASKS);

        reconcile(events, Set.of("base/1"));

        assertThat(driver.read(LifecycleDriver.TASKS))
                .extracting(LifecycleDriver::id)
                .containsExactly(JOB + "/prompt-0/2/requested");
    }

    @Test
    void submissionOfWhichOnlyThePublicStateIsLeftIsRestoredWithEachTaskOnce() {
        var shown = FoldedJob.after(List.of(requested(avatar(8)))).orElseThrow();

        reconcile(new JobTrace(JOB, List.of(), false, Set.of(), Set.of(1), false, 1, shown));

        assertThat(driver.states()).last().isEqualTo(shown);
        assertThat(driver.read(LifecycleDriver.TASKS))
                .extracting(LifecycleDriver::id)
                .containsExactlyInAnyOrder(JOB + "/prompt-0/1/requested", JOB + "/base/1/requested");
    }

    @Test
    void releaseThatTheStoreLostIsAppliedAgainWithEachTaskOnce() {
        var request = requested(held(avatar(4)));
        driver.process(request);
        var shown = FoldedJob.after(List.of(request)).orElseThrow();

        reconcile(new JobTrace(JOB, List.of(request, released()), false, Set.of(), Set.of(1), false, 1, shown));

        assertThat(driver.read(LifecycleDriver.TASKS)).hasSize(2);
        assertThat(driver.states()).last().extracting(Job::stage).isEqualTo("accepted");
    }

    @Test
    void heldJobHasNoLostTasks() {
        var events = List.<JobEvent>of(requested(held(avatar(4))));
        driver.process(events);

        reconcile(events, Set.of());

        assertThat(driver.read(LifecycleDriver.TASKS)).isEmpty();
    }

    /** Compares the job with topics that contain all that follows from the events, but of the tasks only these. */
    private void reconcile(List<JobEvent> events, Set<String> tasks) {
        var shown = FoldedJob.after(events).orElseThrow();
        var versions = IntStream.rangeClosed(1, shown.version()).boxed().collect(Collectors.toSet());
        reconcile(new JobTrace(JOB, events, false, tasks, versions, false, shown.version(), shown));
    }

    private void reconcile(JobTrace trace) {
        driver.read(List.of(Topic.JOBS, Topic.EVENTS));
        driver.read(LifecycleDriver.TASKS);
        driver.advance(Duration.ofSeconds(10));
        queue.offer(new TopicSurvey(NOON.plusSeconds(69), Set.of(0), List.of(trace), Map.of(), Map.of()));
        driver.advance(Duration.ofSeconds(2));
    }

    private static Set<String> open(List<JobEvent> events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        var tasks = new HashSet<String>();
        ((OpenState) history.state())
                .record()
                .tasks()
                .open()
                .forEach(task -> tasks.add(JobTrace.task(task.name(), task.attempt())));
        return tasks;
    }

    private static JobEvent succeeded(String task) {
        return AvatarFixtures.succeeded(task, 1, NOON.plusMillis(100), 8);
    }

    private static boolean isAbout(TestRecord<String, byte[]> record, String task) {
        return LifecycleDriver.id(record).equals(JOB + "/" + task + "/1/requested");
    }
}
