package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.WORKER;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requestedWithWebhook;
import static io.atelier.gateway.lifecycle.JobEventFixtures.splitRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.JobEventFixtures.withStart;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.Topic;
import io.atelier.messaging.WebhookDelivery;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTopologyTests {

    private static final String REQUESTS = LifecycleDriver.REQUESTS;
    private static final EventCodec CODEC = new EventCodec("test");

    @TempDir
    Path stateDirectory;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private List<String> lastRecordIds = List.of();
    private LifecycleDriver driver;

    @BeforeEach
    void start() {
        driver = new LifecycleDriver(stateDirectory, lastRecordIds, meters);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void everyVersionOfAJobIsAnnounced() {
        process(requested());
        process(started("generate", 1));
        process(succeeded("generate", 1));

        assertEventsOfASuccess();
        assertThat(states())
                .extracting(Job::status)
                .containsExactly(JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.SUCCEEDED);
    }

    @Test
    void startInTheReportOfAnEndIsAnEventButNoStateOfItsOwn() {
        process(requested());
        var end = withStart(succeeded("generate", 1), NOON.plusMillis(3));
        process(end);
        process(end);

        assertEventsOfASuccess();
        assertThat(states())
                .extracting(Job::status, Job::version)
                .containsExactly(
                        tuple(JobStatus.QUEUED, 1), tuple(JobStatus.SUCCEEDED, 3), tuple(JobStatus.SUCCEEDED, 3));
    }

    private void assertEventsOfASuccess() {
        assertThat(events())
                .extracting(LifecycleTopologyTests::type, LifecycleTopologyTests::sequence)
                .containsExactly(
                        tuple("io.atelier.generation.accepted.v1", "1"),
                        tuple("io.atelier.generation.started.v1", "2"),
                        tuple("io.atelier.generation.succeeded.v1", "3"));
    }

    @Test
    void repeatedInputsPublishNoEventTwice() {
        for (int i = 0; i < 3; i++) {
            process(requested());
            process(started("generate", 1));
            process(succeeded("generate", 1));
        }

        assertThat(events()).extracting(LifecycleTopologyTests::id).hasSize(3).doesNotHaveDuplicates();
        assertThat(states()).last().extracting(Job::version).isEqualTo(3);
    }

    @Test
    void generationsAreCountedByModelOnce() {
        var other = JobId.create(NOON, new Random(9));
        for (int i = 0; i < 3; i++) {
            process(requested());
            process(started("generate", 1));
            process(succeeded("generate", 1, new Job.Enhancement("a-model", "a better prompt", 3_250)));
            process(requested(other, null));
            process(new TaskFailed(
                    other,
                    "generate",
                    1,
                    NOON.plusMillis(50),
                    WORKER,
                    new Failure(Code.PROVIDER_AUTH, "The API key was refused."),
                    null,
                    null,
                    null));
        }

        assertThat(counted("atelier.generations.requested")).isEqualTo(2);
        assertThat(counted("atelier.generations.succeeded")).isEqualTo(1);
        assertThat(counted("atelier.generations.failed")).isEqualTo(1);
        assertThat(meters.get("atelier.generations.failed")
                        .tag("code", "provider-auth")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(time("atelier.generations.engine")).isEqualTo(40);
        assertThat(time("atelier.generations.enhancement")).isEqualTo(3_250);
    }

    @Test
    void jobThatOnlySplitsHasNoModelAndIsNotCounted() {
        process(splitRequested());

        assertThat(meters.find("atelier.generations.requested").counter()).isNull();
    }

    @Test
    void avatarsAreCountedOnceWithTheTimesOfTheirStages() {
        for (int i = 0; i < 2; i++) {
            process(AvatarFixtures.requested(AvatarFixtures.avatar(4)));
            for (var task : List.of("prompt-0", "base", "grid-0", "split-0", "publish")) {
                process(started(task, 1));
                process(AvatarFixtures.succeeded(task, 1));
            }
        }

        assertThat(counted("atelier.avatars.requested")).isEqualTo(1);
        assertThat(counted("atelier.avatars.succeeded")).isEqualTo(1);
        assertThat(counted("atelier.avatars.images")).isEqualTo(4);
        assertThat(counted("atelier.generations.requested")).isEqualTo(1);
        assertThat(counted("atelier.generations.succeeded")).isEqualTo(1);
        assertThat(meters.find("atelier.generations.engine").timer())
                .as("the sum over several images")
                .isNull();
        var prompting =
                meters.get("atelier.avatars.stage").tag("stage", "prompting").timer();
        assertThat(prompting.count()).isEqualTo(1);
        assertThat(prompting.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(90);
        assertThat(meters.get("atelier.avatars.stage").timers()).hasSize(5);
    }

    @Test
    void avatarThatFailsIsCountedWithTheStagesThatItCompleted() {
        process(AvatarFixtures.requested(AvatarFixtures.avatar(4)));
        process(started("prompt-0", 1));
        process(AvatarFixtures.succeeded("prompt-0", 1));
        process(failed("base", 1, Code.MODERATION_BLOCKED));

        assertThat(counted("atelier.avatars.failed")).isEqualTo(1);
        assertThat(meters.find("atelier.avatars.succeeded").counter()).isNull();
        assertThat(meters.get("atelier.avatars.stage").timers())
                .singleElement()
                .satisfies(timer -> assertThat(timer.getId().getTag("stage")).isEqualTo("prompting"));
    }

    @Test
    void avatarWithoutAModelIsNoGenerationWithOne() {
        var avatar = AvatarFixtures.requested(AvatarFixtures.avatar(0, false, List.of(AvatarStep.PROMPT)));
        process(avatar.with(
                avatar.request().toBuilder().model("").requestedModel("").build()));

        assertThat(meters.get("atelier.avatars.requested")
                        .tag("model", "none")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.find("atelier.generations.requested").counter()).isNull();
    }

    private double counted(String name) {
        return meters.get(name).tag("model", "test-card").counter().count();
    }

    private double time(String name) {
        var timer = meters.get(name).tag("model", "test-card").timer();
        assertThat(timer.count()).isEqualTo(1);
        return timer.totalTime(TimeUnit.MILLISECONDS);
    }

    @Test
    void anInputRepeatedAfterACrashPublishesOnlyWhatWasNotWritten() {
        process(requested());
        process(started("generate", 1));
        var accepted = events().get(0);
        stop();

        // The store contains both versions, the topic only the first: the crash happened before the second one was
        // written.
        lastRecordIds = List.of(id(accepted));
        start();
        process(requested());
        process(started("generate", 1));

        assertThat(events())
                .extracting(LifecycleTopologyTests::type)
                .containsExactly("io.atelier.generation.started.v1");
    }

    @Test
    void aFailedAttemptIsRequestedAgain() {
        process(requested());
        process(started("generate", 1));
        process(failed("generate", 1, Code.ENGINE_UNAVAILABLE));

        var tasks = read(REQUESTS);
        assertThat(tasks).hasSize(1);
        var task =
                EventCodec.event(tasks.get(0).headers(), tasks.get(0).value()).orElseThrow();
        assertThat(task)
                .isInstanceOfSatisfying(
                        JobEvent.GenerationRequested.class,
                        retry -> assertThat(retry.attempt()).isEqualTo(2));

        // The task topic is also an input of the lifecycle.
        events();
        process(task);
        assertThat(events()).isEmpty();
    }

    @Test
    void aSplitTaskIsPublishedOnce() {
        process(gridRequested());
        process(succeeded("generate", 1));
        process(succeeded("generate", 1));

        assertThat(read(Topic.SPLIT_REQUESTED)).hasSize(1);
    }

    @Test
    void theTraceOfAnInputContinuesInItsOutputs() {
        var written = CODEC.record(REQUESTS, requested());
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        written.headers().add("traceparent", trace.getBytes(StandardCharsets.UTF_8));
        driver.process(REQUESTS, new TestRecord<>(written.key(), written.value(), written.headers()));

        assertThat(events())
                .allSatisfy(event -> assertThat(EventCodec.header(event.headers(), "traceparent"))
                        .isEqualTo(trace));
    }

    @Test
    void theEndOfAJobIsWrittenForItsWebhookOnceWithTheTrace() {
        var trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        process(requestedWithWebhook());
        for (int i = 0; i < 3; i++) {
            var written = CODEC.record(Topic.TASK_REPORTS, succeeded("generate", 1));
            written.headers().add("traceparent", trace.getBytes(StandardCharsets.UTF_8));
            driver.process(Topic.TASK_REPORTS, new TestRecord<>(written.key(), written.value(), written.headers()));
        }

        assertThat(read(Topic.WEBHOOK_DELIVERIES)).singleElement().satisfies(written -> {
            var delivery = EventCodec.read(written.value(), WebhookDelivery.class);
            assertThat(delivery.traceparent()).isEqualTo(trace);
            assertThat(written.key()).isEqualTo(delivery.id()).isEqualTo(id(events().get(1)));
            assertThat(EventCodec.subject(written.headers())).contains(JobEventFixtures.JOB);
        });
    }

    @Test
    void anEndRepeatedAfterACrashIsNotWrittenAgainForItsWebhook() {
        process(requestedWithWebhook());
        process(succeeded("generate", 1));
        var delivery = read(Topic.WEBHOOK_DELIVERIES).get(0);
        var accepted = events().get(0);
        stop();

        // The event of the end was not written before the crash.
        lastRecordIds = List.of(id(accepted), id(delivery));
        start();
        process(requestedWithWebhook());
        process(succeeded("generate", 1));

        assertThat(read(Topic.WEBHOOK_DELIVERIES)).isEmpty();
        assertThat(events())
                .extracting(LifecycleTopologyTests::type)
                .containsExactly("io.atelier.generation.succeeded.v1");
    }

    @Test
    void anEndThatWasNotWrittenForItsWebhookBeforeACrashIsWrittenAfterIt() {
        process(requestedWithWebhook());
        process(succeeded("generate", 1));
        var succeeded = events().get(1);
        stop();

        lastRecordIds = List.of(id(succeeded));
        start();
        process(requestedWithWebhook());
        process(succeeded("generate", 1));

        assertThat(read(Topic.WEBHOOK_DELIVERIES)).hasSize(1);
    }

    @Test
    void anErasureDeletesTheDeliveryToTheWebhook() {
        process(requestedWithWebhook());
        process(succeeded("generate", 1));
        var delivery = read(Topic.WEBHOOK_DELIVERIES).get(0);

        process(eraseRequested());

        assertThat(read(Topic.WEBHOOK_DELIVERIES)).singleElement().satisfies(tombstone -> {
            assertThat(tombstone.key()).isEqualTo(delivery.key());
            assertThat(tombstone.value()).isNull();
        });
    }

    @Test
    void aRecordAboutAJobOfAnotherPartitionIsSkipped() {
        var two = new JobPartitions(2);
        var jobs = Stream.generate(() -> JobId.create(JobEventFixtures.NOON, new SecureRandom()))
                .limit(20)
                .toList();
        driver.close();
        driver = LifecycleDriver.ofFirstPartition(stateDirectory, two);

        jobs.forEach(job -> process(JobEventFixtures.requested(job, null)));

        assertThat(states())
                .extracting(Job::id)
                .isNotEmpty()
                .containsExactlyElementsOf(
                        jobs.stream().filter(job -> two.of(job.value()) == 0).toList());
    }

    @Test
    void anUnreadableRecordIsSkipped() {
        var written = CODEC.record(Topic.TASK_REPORTS, started("generate", 1));
        driver.process(
                Topic.TASK_REPORTS,
                new TestRecord<>(written.key(), "{not json".getBytes(StandardCharsets.UTF_8), written.headers()));
        process(requested());

        assertThat(events()).hasSize(1);
    }

    @Test
    void aDeadlineIsPublishedUntilItIsProcessed() {
        var deadline = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        process(requested(new Terms(deadline, null, null, null, null)));
        driver.advance(Duration.ofSeconds(50));
        assertThat(read(Topic.TASK_REPORTS)).isEmpty();

        driver.advance(Duration.ofSeconds(15));
        // The test driver returns records that are written to an input topic at once, as the broker does.
        assertThat(states()).last().extracting(Job::status).isEqualTo(JobStatus.EXPIRED);
        assertThat(read(Topic.CANCELLATIONS)).hasSize(1);
        read(Topic.TASK_REPORTS);
        driver.advance(Duration.ofMinutes(5));
        assertThat(read(Topic.TASK_REPORTS)).isEmpty();
    }

    @Test
    void aDeadlineOfAnEndedJobChangesNothing() {
        var deadline = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        process(requested(new Terms(null, deadline, null, null, null)));
        process(succeeded("generate", 1));
        events();

        driver.advance(Duration.ofSeconds(90));

        assertThat(events()).isEmpty();
    }

    @Test
    void anErasedJobIsPurgedAfterItsTtl() {
        process(requested());
        process(succeeded("generate", 1));
        process(eraseRequested());
        assertThat(states()).last().satisfies(job -> assertThat(job.erasure()).isNotNull());

        driver.advance(
                Duration.between(JobEventFixtures.NOON, Instant.now()).abs().plusDays(31));

        assertThat(read(Topic.JOBS))
                .singleElement()
                .satisfies(tombstone -> assertThat(tombstone.value()).isNull());
        events();
        process(started("generate", 1));
        assertThat(events()).isEmpty();
    }

    private void process(JobEvent event) {
        driver.process(event);
    }

    private List<TestRecord<String, byte[]>> events() {
        return read(Topic.EVENTS);
    }

    private List<Job> states() {
        return driver.states();
    }

    private List<TestRecord<String, byte[]>> read(String topic) {
        return driver.read(topic);
    }

    private static String type(TestRecord<String, byte[]> written) {
        return EventCodec.type(written.headers());
    }

    private static String sequence(TestRecord<String, byte[]> written) {
        return EventCodec.header(written.headers(), "ce_sequence");
    }

    private static String id(TestRecord<String, byte[]> written) {
        return LifecycleDriver.id(written);
    }
}
