package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.PARENT_GRID;
import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requestedWithWebhook;
import static io.atelier.gateway.lifecycle.JobEventFixtures.split;
import static io.atelier.gateway.lifecycle.JobEventFixtures.splitRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.SplitRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to jobs when a topic or the state store has lost its last records. */
class ReconciliationTests {

    private static final String REQUESTS = LifecycleDriver.REQUESTS;
    private static final List<String> OUTPUTS = List.of(
            REQUESTS, Topic.EVENTS, Topic.JOBS, Topic.SPLIT_REQUESTED, Topic.CANCELLATIONS, Topic.WEBHOOK_DELIVERIES);

    @TempDir
    Path stateDirectory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ReconciliationQueue queue = new ReconciliationQueue(meters, new JobPartitions(1));
    private Instant now = NOON.plusSeconds(60);
    private LifecycleDriver driver;

    @BeforeEach
    void start() {
        driver = new LifecycleDriver(
                stateDirectory, TaskPlan.ofRequests(), List.of(), queue, new SimpleMeterRegistry(), now);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void jobsThatAgreeWithTheTopicsAreLeftAlone() {
        process(requested(), started("generate", 1));

        reconcile(trace(2, 2, Set.of(1, 2), "generate/1", requested(), started("generate", 1)));

        assertNothingIsPublished();
    }

    @Test
    void aQueuedJobWhoseTaskIsLostGetsItsTaskAgainAndEnds() {
        process(requested());

        reconcile(trace(1, 1, Set.of(1), null));

        assertThat(read(REQUESTS))
                .singleElement()
                .satisfies(task -> assertThat(event(task)).isEqualTo(requested()));
        assertThat(repairs("task")).isOne();
        process(started("generate", 1), succeeded("generate", 1));
        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void aPublishedTaskDoesNotRepeatTheEventsOfItsJob() {
        process(requested());

        reconcile(trace(1, 1, Set.of(1), null));
        // The test driver passes the task to the lifecycle, too.

        assertThat(read(Topic.EVENTS)).isEmpty();
    }

    @Test
    void copiesOfATaskFillTheOffsetsThatTheShareGroupSkips() {
        process(requested());

        reconcile(Map.of(REQUESTS, 3L), Map.of(), trace(1, 1, Set.of(1), null));

        assertThat(read(REQUESTS)).hasSize(4);
    }

    @Test
    void aRunningJobWhoseReportIsLostGetsItsTaskAgainUnderTheNumberOfTheLastAttempt() {
        process(requested(), started("generate", 2));

        reconcile(trace(2, 2, Set.of(1, 2), null));

        assertThat(read(REQUESTS))
                .singleElement()
                .satisfies(task -> assertThat(event(task))
                        .isInstanceOfSatisfying(
                                GenerationRequested.class,
                                again -> assertThat(again.attempt()).isEqualTo(2)));
        process(succeeded("generate", 2));
        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void aRedeliveredTaskCarriesTheNumberOfItsFirstAttempt() {
        process(requested(), started("generate", 2));

        reconcile(trace(2, 2, Set.of(1, 2), "generate/1"));

        assertNothingIsPublished();
    }

    @Test
    void aTaskThatALiveWorkerMayRunIsNotPublishedAgain() {
        process(requested(), started("generate", 1));

        reconcile(
                Map.of(), Map.of(JobEventFixtures.WORKER.id(), NOON.minusSeconds(60)), trace(2, 2, Set.of(1, 2), null));
        assertNothingIsPublished();

        // A process that started later under the same id does not run it.
        reconcile(
                Map.of(), Map.of(JobEventFixtures.WORKER.id(), NOON.plusSeconds(600)), trace(2, 2, Set.of(1, 2), null));
        assertThat(read(REQUESTS)).hasSize(1);
    }

    @Test
    void aLostRetryIsPublishedAgain() {
        process(requested(), started("generate", 1), failed("generate", 1, Code.ENGINE_UNAVAILABLE));

        reconcile(trace(3, 3, Set.of(1, 2, 3), "generate/1"));

        assertThat(read(REQUESTS))
                .singleElement()
                .satisfies(task -> assertThat(event(task))
                        .isInstanceOfSatisfying(
                                GenerationRequested.class,
                                again -> assertThat(again.attempt()).isEqualTo(2)));
    }

    @Test
    void aLostSplitIsPublishedAgain() {
        process(gridRequested(), started("generate", 1), succeeded("generate", 1));

        reconcile(trace(3, 3, Set.of(1, 2, 3), null));

        assertThat(read(Topic.SPLIT_REQUESTED))
                .singleElement()
                .satisfies(task -> assertThat(EventCodec.read(task.value(), SplitRequested.class)
                                .attempt())
                        .isOne());
    }

    @Test
    void aLostTaskOfAJobThatOnlySplitsIsPublishedAgain() {
        process(splitRequested());

        reconcile(trace(1, 1, Set.of(1), null));

        assertThat(read(Topic.SPLIT_REQUESTED))
                .singleElement()
                .satisfies(task -> assertThat(EventCodec.read(task.value(), SplitRequested.class)
                                .grids())
                        .containsExactly(PARENT_GRID));
        assertThat(read(REQUESTS)).isEmpty();
        process(started("split", 1), split("split", 1));
        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void aJobThatOnlySplitsOfWhichOnlyThePublicStateIsLeftIsRestoredFromIt() {
        var shown = FoldedJob.after(List.of(splitRequested())).orElseThrow();

        reconcile(new JobTrace(JOB, List.of(), false, Set.of(), Set.of(1), false, 1, shown));

        assertThat(states()).last().isEqualTo(shown);
        assertThat(read(Topic.SPLIT_REQUESTED)).hasSize(1);
    }

    @Test
    void anEndThatTheStoreLostIsAppliedAgain() {
        process(requested(), started("generate", 1));

        reconcile(
                trace(2, 2, Set.of(1, 2), "generate/1", requested(), started("generate", 1), succeeded("generate", 1)));

        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(repairs("input")).isOne();
    }

    @Test
    void aCancellationThatTheStoreLostIsAppliedAgain() {
        process(requested());

        reconcile(trace(1, 1, Set.of(1), "generate/1", requested(), cancelRequested(100)));

        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.CANCELED);
    }

    @Test
    void aJobThatTheStoreLostIsRestoredFromItsRequest() {
        reconcile(trace(0, 0, Set.of(), "generate/1", requested(), started("generate", 1)));

        assertThat(states()).extracting(Job::status).containsExactly(JobStatus.QUEUED, JobStatus.RUNNING);
        assertThat(read(REQUESTS)).isEmpty();
    }

    @Test
    void aJobOfWhichOnlyThePublicStateIsLeftIsRestoredFromIt() {
        reconcile(trace(1, 1, Set.of(1), null));

        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.QUEUED);
        assertThat(read(REQUESTS))
                .singleElement()
                .satisfies(task -> assertThat(event(task)).isEqualTo(requested()));
    }

    @Test
    void aPurgedJobIsNotRestored() {
        advance(Duration.ofDays(31));

        reconcile(trace(0, 0, Set.of(), null, requested(), succeeded("generate", 1)));

        assertNothingIsPublished();
    }

    @Test
    void aStateThatItsTopicLostIsPublishedAgain() {
        process(requested(), started("generate", 1), succeeded("generate", 1));

        reconcile(trace(2, 3, Set.of(1, 2, 3), null));

        assertThat(states()).singleElement().extracting(Job::status).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(read(Topic.EVENTS)).isEmpty();
        assertThat(repairs("state")).isOne();
    }

    @Test
    void aStateThatTheViewMissedIsPublishedAgain() {
        process(requested(), started("generate", 1), succeeded("generate", 1));

        reconcile(trace(3, 2, Set.of(1, 2, 3), null));

        assertThat(states()).singleElement().extracting(Job::version).isEqualTo(3);
    }

    @Test
    void anEventThatItsTopicLostIsPublishedAgainWithItsId() {
        process(requested(), started("generate", 1));
        var id = id(read(Topic.EVENTS).get(1));
        process(succeeded("generate", 1));

        reconcile(trace(3, 3, Set.of(1, 3), null));

        assertThat(read(Topic.EVENTS))
                .singleElement()
                .satisfies(again -> assertThat(id(again)).isEqualTo(id));
        assertThat(read(Topic.JOBS)).isEmpty();
    }

    @Test
    void aDeliveryThatItsTopicLostIsPublishedAgain() {
        process(requestedWithWebhook(), succeeded("generate", 1));
        var lost = read(Topic.WEBHOOK_DELIVERIES).get(0);

        reconcile(traceWithWebhook(false));

        assertThat(read(Topic.WEBHOOK_DELIVERIES)).singleElement().satisfies(again -> {
            assertThat(again.key()).isEqualTo(lost.key());
            assertThat(again.value()).isEqualTo(lost.value());
        });
        assertThat(repairs("webhook")).isOne();
    }

    @Test
    void aDeliveryThatItsTopicHasIsLeftAlone() {
        process(requestedWithWebhook(), succeeded("generate", 1));

        reconcile(traceWithWebhook(true));

        assertNothingIsPublished();
    }

    private static JobTrace traceWithWebhook(boolean hasDelivery) {
        var shown = FoldedJob.after(List.of(requestedWithWebhook(), succeeded("generate", 1)))
                .orElseThrow();
        return new JobTrace(JOB, List.of(), false, Set.of(), Set.of(1, 2), hasDelivery, 2, shown);
    }

    @Test
    void aJobWithInputsThatTheLifecycleHasYetToReadIsLeftAlone() {
        process(requested());

        reconcile(new JobTrace(JOB, List.of(), true, Set.of(), Set.of(1), false, 1, null));

        assertNothingIsPublished();
    }

    @Test
    void aJobThatChangedAfterTheSurveyBeganIsLeftAlone() {
        process(requested());
        drain();

        queue.offer(new TopicSurvey(NOON, Set.of(0), List.of(trace(0, 0, Set.of(), null)), Map.of(), Map.of()));
        advance(Duration.ofSeconds(5));

        assertNothingIsPublished();
    }

    private void reconcile(JobTrace trace) {
        reconcile(Map.of(), Map.of(), trace);
    }

    private void reconcile(Map<String, Long> skipped, Map<String, Instant> busy, JobTrace trace) {
        drain();
        advance(Duration.ofSeconds(10));
        var survey = new TopicSurvey(now.minusSeconds(1), Set.of(0), List.of(trace), busy, skipped);
        queue.offer(survey);
        advance(Duration.ofSeconds(2));
    }

    private void advance(Duration time) {
        driver.advance(time);
        now = now.plus(time);
    }

    private static JobTrace trace(
            int stateVersion, int shownVersion, Set<Integer> events, @Nullable String task, JobEvent... inputs) {
        var states = List.of(requested(), started("generate", 1), succeeded("generate", 1));
        var shown = shownVersion == 0
                ? null
                : FoldedJob.after(states.subList(0, shownVersion)).orElseThrow();
        return new JobTrace(
                JOB,
                List.of(inputs),
                false,
                task == null ? Set.of() : Set.of(task),
                new HashSet<>(events),
                false,
                stateVersion,
                shown);
    }

    private void process(JobEvent... events) {
        driver.process(events);
    }

    private void drain() {
        OUTPUTS.forEach(driver::read);
    }

    private void assertNothingIsPublished() {
        assertThat(driver.counts(OUTPUTS))
                .allSatisfy((topic, records) -> assertThat(records).isZero());
    }

    private List<Job> states() {
        return driver.states();
    }

    private List<TestRecord<String, byte[]>> read(String topic) {
        return driver.read(topic);
    }

    private double repairs(String kind) {
        return meters.counter("atelier.lifecycle.reconciled", "kind", kind).count();
    }

    private static JobEvent event(TestRecord<String, byte[]> written) {
        return EventCodec.event(written.headers(), written.value()).orElseThrow();
    }

    private static String id(TestRecord<String, byte[]> written) {
        return LifecycleDriver.id(written);
    }
}
