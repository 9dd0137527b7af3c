package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Samples;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.atelier.worker.lease.TaskPlacement.Forwarding;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.support.micrometer.KafkaRecordReceiverContext;

/** Runs of leased tasks, without a broker. */
final class TaskRunnerTests {

    private static final TaskQueue<GenerationRequested> QUEUE = TaskQueue.generations("default");
    private static final Clock NOW = Clock.fixed(Samples.AT, ZoneOffset.UTC);

    private final InMemoryEventPublisher published = new InMemoryEventPublisher();
    private final Cancellation stopping = new Cancellation();
    private final CanceledJobs canceled = new CanceledJobs();
    private final ObservationRegistry observations = ObservationRegistry.create();
    private final List<Lease<GenerationRequested>> leases = new ArrayList<>();
    private Duration releaseInterval = Duration.ZERO;
    private TaskPlacement<GenerationRequested> placement = TaskPlacement.here();

    @TempDir
    private Path folder;

    private RunningTaskJournal journal = RunningTaskJournal.none();

    @Test
    void eachDeliveryIsAnAttempt() {
        var task = task(2, 5, null);

        run(task, 3);

        assertThat(leases).extracting(Lease::attempt).containsExactly(4);
        assertThat(leases).extracting(Lease::delivery).containsExactly(3);
        assertThat(leases).extracting(Lease::topic).containsExactly(Topic.generationRequested("default"));
    }

    @Test
    void lastAttemptIsRun() {
        assertThat(run(task(1, 3, null), 3)).isEqualTo(Disposition.ACCEPT);

        assertThat(leases).hasSize(1);
        assertThat(published.deadLetters()).isEmpty();
    }

    @Test
    void attemptAfterTheLastIsReportedAndDeadLettered() {
        assertThat(run(task(2, 3, null), 3)).isEqualTo(Disposition.ACCEPT);

        assertThat(leases).isEmpty();
        var report = published.events(JobEvent.TaskFailed.class).get(0);
        assertThat(report.failure().code()).isEqualTo(Failure.Code.POISONED);
        assertThat(report.attempt()).isEqualTo(3);
        assertThat(report.worker()).isEqualTo(Samples.WORKER);
        assertThat(published.deadLetters()).hasSize(1);
        assertThat(published.deadLetters().get(0).attempt()).isEqualTo(4);
    }

    @Test
    void runsThatEndedWithTheProcessAndItsBrokerAreAttempts() {
        var task = task(1, 3, null);
        for (int run = 1; run <= 2; run++) {
            runUntilTheEndOfTheProcess(header(task).key(), NOW);
        }
        journal = RunningTaskJournal.open(folder, NOW);

        assertThat(run(task, 1)).isEqualTo(Disposition.ACCEPT);

        assertThat(leases).extracting(Lease::attempt).containsExactly(3);
        assertThat(journal.unfinishedRuns(header(task).key())).isZero();
    }

    @Test
    void aTaskThatEndsItsProcessAndItsBrokerIsGivenUp() {
        var task = task(1, 3, null);
        for (int run = 1; run <= 3; run++) {
            runUntilTheEndOfTheProcess(header(task).key(), NOW);
        }
        journal = RunningTaskJournal.open(folder, NOW);

        assertThat(run(task, 1)).isEqualTo(Disposition.ACCEPT);

        assertThat(leases).isEmpty();
        assertThat(published.events(JobEvent.TaskFailed.class).get(0).failure().code())
                .isEqualTo(Failure.Code.POISONED);
        assertThat(journal.unfinishedRuns(header(task).key())).isZero();
    }

    @Test
    void aReleasedRunIsNotOneThatEndedWithItsProcess() {
        var task = task(1, 3, null);
        runUntilTheEndOfTheProcess(header(task).key(), NOW);
        journal = RunningTaskJournal.open(folder, NOW);

        assertThat(run(runner(lease -> Disposition.RELEASE), task, 1)).isEqualTo(Disposition.RELEASE);

        journal.close();
        assertThat(RunningTaskJournal.open(folder, NOW)
                        .unfinishedRuns(header(task).key()))
                .isEqualTo(1);
    }

    @Test
    void theJournalForgetsTasksThatWereDroppedLongAgo() {
        runUntilTheEndOfTheProcess("job/generate/1", Clock.systemUTC());

        var later = Clock.offset(Clock.systemUTC(), Duration.ofDays(31));

        assertThat(RunningTaskJournal.open(folder, Clock.systemUTC()).unfinishedRuns("job/generate/1"))
                .isEqualTo(1);
        assertThat(RunningTaskJournal.open(folder, later).unfinishedRuns("job/generate/1"))
                .isZero();
    }

    private void runUntilTheEndOfTheProcess(String task, Clock clock) {
        try (var ended = RunningTaskJournal.open(folder, clock)) {
            ended.started(task);
        }
    }

    @Test
    void poisonedTaskThatCannotBeDeadLetteredIsReleased() {
        published.goDown();

        assertThat(run(task(1, 1, null), 2)).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void unreadableRecordIsDeadLetteredAndRejected() {
        var record = new ConsumerRecord<>("atelier.split-requested", 0, 17, "", bytes("{"));

        var disposition = runner(lease -> Disposition.ACCEPT)
                .rejectUnreadable(record, new UnreadableRecord("Not a SplitRequested"));

        assertThat(disposition).isEqualTo(Disposition.REJECT);
        var deadLetter = published.deadLetters().get(0);
        assertThat(deadLetter.key()).isEqualTo("none");
        assertThat(deadLetter.order()).isEqualTo("{");
        assertThat(deadLetter.offset()).isEqualTo(17);
        assertThat(deadLetter.reason().message()).contains("Not a SplitRequested");
    }

    @Test
    void unreadableRecordThatCannotBeDeadLetteredIsReleased() {
        published.goDown();
        var record = new ConsumerRecord<>("atelier.split-requested", 0, 17, "key", bytes("{"));

        assertThat(runner(lease -> Disposition.ACCEPT)
                        .rejectUnreadable(record, new UnreadableRecord("Not a SplitRequested")))
                .isEqualTo(Disposition.RELEASE);
    }

    @Test
    void taskOfAFailingHandlerIsReleased() {
        var runner = runner(lease -> {
            throw new IllegalStateException("broken");
        });

        assertThat(run(runner, task(1, 3, null), 1)).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void taskOfAHandlerWithAMissingClassIsReleased() {
        var runner = runner(lease -> {
            throw new NoClassDefFoundError("gone");
        });

        assertThat(run(runner, task(1, 3, null), 1)).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void taskThatIsDueLaterWaits() {
        var task = task(2, 3, Samples.AT.plusMillis(200));
        var start = System.nanoTime();

        assertThat(run(task, 1)).isEqualTo(Disposition.ACCEPT);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(190));
        assertThat(leases).hasSize(1);
    }

    @Test
    void taskThatIsDueHoursLaterByAnotherClockWaitsNoLongerThanItsBackOff() {
        var task = task(2, 3, Samples.AT.plusSeconds(3_600));

        assertThat(CompletableFuture.supplyAsync(() -> run(task, 1)))
                .succeedsWithin(Duration.ofSeconds(30))
                .isEqualTo(Disposition.ACCEPT);

        assertThat(leases).hasSize(1);
    }

    @Test
    void taskThatWasDueEarlierStartsAtOnce() {
        assertThat(run(task(2, 3, Samples.AT.minusSeconds(60)), 1)).isEqualTo(Disposition.ACCEPT);
    }

    @Test
    void taskThatIsDueLaterIsReleasedWhenTheProcessStops() {
        stopping.request();

        assertThat(run(task(2, 3, Samples.AT.plusSeconds(3_600)), 1)).isEqualTo(Disposition.RELEASE);

        assertThat(leases).isEmpty();
    }

    @Test
    void taskOfACanceledJobIsSkipped() {
        canceled.add(Samples.JOB, Cancellation.Request.receivedNow(Duration.ofSeconds(5)));

        assertThat(run(task(1, 3, null), 1)).isEqualTo(Disposition.ACCEPT);

        assertSkipped(1);
    }

    @Test
    void taskThatIsDueLaterEndsWhenItsJobIsCanceled() throws Exception {
        var run = new RunningTasks.Run(new CompletableFuture<>(), new Cancellation(), new WorkSlots(1).work());
        var task = task(9, 10, Samples.AT.plusSeconds(3_600));
        var disposition = CompletableFuture.supplyAsync(() -> runner(lease -> {
                    leases.add(lease);
                    return Disposition.ACCEPT;
                })
                .run(recordOf(task, 1), task, header(task), run));

        run.cancellation().request(Cancellation.Request.receivedNow(Duration.ofSeconds(5)));

        assertThat(disposition).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(Disposition.ACCEPT);
        assertSkipped(9);
    }

    @Test
    void poisonedTaskOfACanceledJobIsSkippedAndNotDeadLettered() {
        canceled.add(Samples.JOB, Cancellation.Request.receivedNow(Duration.ofSeconds(5)));

        assertThat(run(task(2, 3, null), 3)).isEqualTo(Disposition.ACCEPT);

        assertSkipped(4);
        assertThat(published.deadLetters()).isEmpty();
    }

    @Test
    void canceledTaskThatCannotBeReportedIsReleased() {
        canceled.add(Samples.JOB, Cancellation.Request.receivedNow(Duration.ofSeconds(5)));
        published.goDown();

        assertThat(run(task(1, 3, null), 1)).isEqualTo(Disposition.RELEASE);
    }

    @Test
    void poisonedTaskIsReportedUnderItsLastAllowedAttempt() {
        assertThat(run(task(3, 3, null), 2)).isEqualTo(Disposition.ACCEPT);

        assertThat(published.events(JobEvent.TaskFailed.class).get(0).attempt()).isEqualTo(3);
        assertThat(published.deadLetters()).hasSize(1);
    }

    @Test
    void releasedTaskIsHeldForAPauseThatStoppingEnds() {
        releaseInterval = Duration.ofHours(1);
        stopping.request();

        assertThat(run(runner(lease -> Disposition.RELEASE), task(1, 3, null), 1))
                .isEqualTo(Disposition.RELEASE);
    }

    @Test
    void traceOfTheRecordContinuesInTheHandler() {
        var traces = new ArrayList<@Nullable String>();
        observations.observationConfig().observationHandler(new TraceReader(traces));
        var scopes = new ArrayList<@Nullable Observation>();

        run(
                runner(lease -> {
                    scopes.add(observations.getCurrentObservation());
                    return Disposition.ACCEPT;
                }),
                task(1, 3, null),
                1);

        assertThat(traces).containsExactly("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(scopes).doesNotContainNull().hasSize(1);
    }

    @Test
    void aTaskForOthersIsForwardedAndNoAttemptOfThisWorker() {
        placement = (task, forwards) -> Optional.of(new Forwarding("other." + forwards, Duration.ZERO));

        assertThat(run(task(1, 3, null), 1)).isEqualTo(Disposition.FORWARD);

        assertThat(leases).isEmpty();
        assertThat(published.events()).isEmpty();
        var forwarded = published.forwarded().get(0);
        assertThat(forwarded.topic()).isEqualTo("other.0");
        assertThat(forwarded.forwards()).isEqualTo(1);
        assertThat(forwarded.attempts()).isZero();
    }

    @Test
    void aForwardedTaskCarriesTheAttemptsOfItsEarlierRecords() {
        placement = (task, forwards) -> Optional.of(new Forwarding("other", Duration.ZERO));
        run(task(1, 5, null), 3);
        var copy = recordOf(published.forwarded().get(0));
        placement = TaskPlacement.here();

        run(runner(), copy, task(1, 5, null));

        assertThat(leases).extracting(Lease::attempt).containsExactly(3);
    }

    @Test
    void aForwardedTaskWhoseAttemptsAreUsedUpIsDeadLettered() {
        placement = (task, forwards) -> Optional.of(new Forwarding("other", Duration.ZERO));
        run(task(1, 3, null), 3);
        var copy = recordOf(published.forwarded().get(0), 2);

        assertThat(run(runner(), copy, task(1, 3, null))).isEqualTo(Disposition.ACCEPT);

        assertThat(published.deadLetters()).hasSize(1);
        assertThat(published.forwarded()).hasSize(1);
    }

    @Test
    void aHeldTaskIsNotForwardedWhenItsJobIsCanceled() {
        placement = (task, forwards) -> Optional.of(new Forwarding("other", Duration.ofHours(1)));
        var run = new RunningTasks.Run(new CompletableFuture<>(), new Cancellation(), new WorkSlots(1).work());
        var task = task(1, 3, null);
        var disposition = CompletableFuture.supplyAsync(() -> runner().run(recordOf(task, 1), task, header(task), run));

        run.cancellation().request(Cancellation.Request.receivedNow(Duration.ofSeconds(5)));

        assertThat(disposition).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(Disposition.ACCEPT);
        assertSkipped(1);
        assertThat(published.forwarded()).isEmpty();
    }

    @Test
    void aTaskThatCannotBeForwardedIsReleased() {
        placement = (task, forwards) -> Optional.of(new Forwarding("other", Duration.ZERO));
        published.goDown();

        assertThat(run(task(1, 3, null), 1)).isEqualTo(Disposition.RELEASE);
    }

    private void assertSkipped(int attempt) {
        assertThat(leases).isEmpty();
        assertThat(published.events())
                .containsExactly(new JobEvent.TaskCanceled(
                        Samples.JOB,
                        "generate",
                        attempt,
                        Samples.AT,
                        Samples.WORKER,
                        0L,
                        "unstarted",
                        null,
                        null,
                        null));
    }

    private Disposition run(GenerationRequested task, int delivery) {
        return run(runner(), task, delivery);
    }

    private Disposition run(TaskRunner<GenerationRequested> runner, GenerationRequested task, int delivery) {
        return run(runner, recordOf(task, delivery), task);
    }

    private Disposition run(
            TaskRunner<GenerationRequested> runner, ConsumerRecord<String, byte[]> record, GenerationRequested task) {
        return runner.run(
                record,
                task,
                header(task),
                new RunningTasks.Run(new CompletableFuture<>(), new Cancellation(), new WorkSlots(1).work()));
    }

    private TaskRunner<GenerationRequested> runner() {
        return runner(lease -> {
            leases.add(lease);
            return Disposition.ACCEPT;
        });
    }

    private TaskRunner<GenerationRequested> runner(TaskHandler<GenerationRequested> handler) {
        return new TaskRunner<>(
                handler,
                new TaskForwarder<>(published, placement),
                new DeadLetterPublisher(published, Samples.WORKER, NOW),
                canceled,
                journal,
                observations,
                QUEUE.group(),
                releaseInterval,
                stopping,
                NOW);
    }

    private static TaskQueue.TaskHeader header(GenerationRequested task) {
        return QUEUE.header().apply(task);
    }

    private static GenerationRequested task(int attempt, int maxAttempts, @Nullable Instant notBefore) {
        return new GenerationRequested(
                Samples.JOB, "generate", attempt, maxAttempts, Samples.AT, notBefore, Samples.request("default"));
    }

    private static ConsumerRecord<String, byte[]> recordOf(GenerationRequested task, int delivery) {
        var written = new EventCodec("gateway").record(Topic.of(task), task);
        Headers headers = new RecordHeaders(written.headers());
        headers.add("traceparent", bytes("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
        return received(written, headers, delivery);
    }

    private static ConsumerRecord<String, byte[]> recordOf(ForwardedTask task) {
        return recordOf(task, 1);
    }

    private static ConsumerRecord<String, byte[]> recordOf(ForwardedTask task, int delivery) {
        var copy = task.record();
        return received(copy, copy.headers(), delivery);
    }

    private static ConsumerRecord<String, byte[]> received(
            ProducerRecord<String, byte[]> written, Headers headers, int delivery) {
        return new ConsumerRecord<>(
                written.topic(),
                0,
                5,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                written.key(),
                written.value(),
                headers,
                Optional.empty(),
                Optional.of((short) delivery));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Records the traces that observations of records continue. */
    private record TraceReader(List<@Nullable String> traces)
            implements ObservationHandler<KafkaRecordReceiverContext> {

        @Override
        public void onStart(KafkaRecordReceiverContext context) {
            traces.add(context.getGetter().get(context.getRecord(), "traceparent"));
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof KafkaRecordReceiverContext;
        }
    }
}
