package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.Samples;
import io.atelier.messaging.Topic;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.cancellation.CancellationRequest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.support.micrometer.KafkaRecordReceiverContext;

/** What is done with a leased record, without a broker. */
final class TaskRunnerTests {

    private static final Clock NOW = Clock.fixed(Samples.AT, ZoneOffset.UTC);

    private final InMemoryEventPublisher told = new InMemoryEventPublisher();
    private final Cancellation stopping = new Cancellation();
    private final CanceledJobs canceled = new CanceledJobs();
    private final ObservationRegistry observations = ObservationRegistry.create();
    private final List<Lease<GenerationRequested>> leases = new ArrayList<>();
    private Duration releaseInterval = Duration.ZERO;

    @Test
    void eachDeliveryIsAnAttempt() {
        var order = order(2, 5, null);

        carryOut(order, 3);

        assertThat(leases).extracting(Lease::attempt).containsExactly(4);
        assertThat(leases).extracting(Lease::delivery).containsExactly(3);
        assertThat(leases).extracting(Lease::topic).containsExactly(Topic.generationRequested("default"));
    }

    @Test
    void lastAttemptIsMade() {
        assertThat(carryOut(order(1, 3, null), 3)).isEqualTo(TaskDisposition.ACCEPT);

        assertThat(leases).hasSize(1);
        assertThat(told.letters()).isEmpty();
    }

    @Test
    void attemptAfterTheLastIsReportedAndBuriedInstead() {
        assertThat(carryOut(order(2, 3, null), 3)).isEqualTo(TaskDisposition.ACCEPT);

        assertThat(leases).isEmpty();
        var report = told.events(JobEvent.TaskFailed.class).get(0);
        assertThat(report.failure().code()).isEqualTo(Failure.Code.POISONED);
        assertThat(report.attempt()).isEqualTo(3);
        assertThat(report.worker()).isEqualTo(Samples.WORKER);
        assertThat(told.letters()).hasSize(1);
        assertThat(told.letters().get(0).attempt()).isEqualTo(4);
    }

    @Test
    void poisonThatCannotBeBuriedIsGivenBack() {
        told.goDown();

        assertThat(carryOut(order(1, 1, null), 2)).isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void unreadableRecordIsBuriedAndRejected() {
        var taken = new ConsumerRecord<>("atelier.split-requested", 0, 17, "", bytes("{"));

        var verdict =
                work(lease -> TaskDisposition.ACCEPT).putAway(taken, new UnreadableRecord("Not a SplitRequested"));

        assertThat(verdict).isEqualTo(TaskDisposition.REJECT);
        var letter = told.letters().get(0);
        assertThat(letter.key()).isEqualTo("none");
        assertThat(letter.order()).isEqualTo("{");
        assertThat(letter.offset()).isEqualTo(17);
        assertThat(letter.reason().message()).contains("Not a SplitRequested");
    }

    @Test
    void unreadableRecordThatCannotBeBuriedIsGivenBack() {
        told.goDown();
        var taken = new ConsumerRecord<>("atelier.split-requested", 0, 17, "key", bytes("{"));

        assertThat(work(lease -> TaskDisposition.ACCEPT).putAway(taken, new UnreadableRecord("Not a SplitRequested")))
                .isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void failingHandlerGivesTheOrderBack() {
        var work = work(lease -> {
            throw new IllegalStateException("broken");
        });

        assertThat(carryOut(work, order(1, 3, null), 1)).isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void handlerThatLacksAClassGivesTheOrderBack() {
        var work = work(lease -> {
            throw new NoClassDefFoundError("gone");
        });

        assertThat(carryOut(work, order(1, 3, null), 1)).isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void orderThatIsDueLaterIsPutOff() {
        var order = order(2, 3, Samples.AT.plusMillis(200));
        var start = System.nanoTime();

        assertThat(carryOut(order, 1)).isEqualTo(TaskDisposition.ACCEPT);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(190));
        assertThat(leases).hasSize(1);
    }

    @Test
    void orderThatIsDueHoursLaterByAnotherClockIsPutOffNoLongerThanItsBackOff() {
        var order = order(2, 3, Samples.AT.plusSeconds(3_600));

        assertThat(CompletableFuture.supplyAsync(() -> carryOut(order, 1)))
                .succeedsWithin(Duration.ofSeconds(30))
                .isEqualTo(TaskDisposition.ACCEPT);

        assertThat(leases).hasSize(1);
    }

    @Test
    void orderThatWasDueEarlierBeginsAtOnce() {
        assertThat(carryOut(order(2, 3, Samples.AT.minusSeconds(60)), 1)).isEqualTo(TaskDisposition.ACCEPT);
    }

    @Test
    void orderThatIsDueLaterIsGivenBackWhenTheProcessStops() {
        stopping.request();

        assertThat(carryOut(order(2, 3, Samples.AT.plusSeconds(3_600)), 1)).isEqualTo(TaskDisposition.RELEASE);

        assertThat(leases).isEmpty();
    }

    @Test
    void orderOfACanceledJobIsLeftAlone() {
        canceled.add(Samples.JOB, CancellationRequest.receivedNow(Duration.ofSeconds(5)));

        assertThat(carryOut(order(1, 3, null), 1)).isEqualTo(TaskDisposition.ACCEPT);

        assertLeftAlone(1);
    }

    @Test
    void orderThatIsDueLaterEndsWhenItsJobIsCanceled() throws Exception {
        var run = new RunningTasks.Run(new CompletableFuture<>(), new Cancellation());
        var order = order(9, 10, Samples.AT.plusSeconds(3_600));
        var verdict = CompletableFuture.supplyAsync(() -> work(lease -> {
                    leases.add(lease);
                    return TaskDisposition.ACCEPT;
                })
                .carryOut(taken(order, 1), order, run));

        run.cancellation().request(CancellationRequest.receivedNow(Duration.ofSeconds(5)));

        assertThat(verdict).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(TaskDisposition.ACCEPT);
        assertLeftAlone(9);
    }

    @Test
    void poisonOfACanceledJobIsLeftAloneAndNotBuried() {
        canceled.add(Samples.JOB, CancellationRequest.receivedNow(Duration.ofSeconds(5)));

        assertThat(carryOut(order(2, 3, null), 3)).isEqualTo(TaskDisposition.ACCEPT);

        assertLeftAlone(4);
        assertThat(told.letters()).isEmpty();
    }

    @Test
    void canceledJobThatCannotBeReportedIsGivenBack() {
        canceled.add(Samples.JOB, CancellationRequest.receivedNow(Duration.ofSeconds(5)));
        told.goDown();

        assertThat(carryOut(order(1, 3, null), 1)).isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void poisonUnderALaterOrderIsReportedUnderThatOrdersLastAttempt() {
        assertThat(carryOut(order(3, 3, null), 2)).isEqualTo(TaskDisposition.ACCEPT);

        assertThat(told.events(JobEvent.TaskFailed.class).get(0).attempt()).isEqualTo(3);
        assertThat(told.letters()).hasSize(1);
    }

    @Test
    void givenBackOrderIsHeldForAPauseThatStoppingEnds() {
        releaseInterval = Duration.ofHours(1);
        stopping.request();

        assertThat(carryOut(work(lease -> TaskDisposition.RELEASE), order(1, 3, null), 1))
                .isEqualTo(TaskDisposition.RELEASE);
    }

    @Test
    void traceOfTheRecordGoesOnInTheHandler() {
        var traces = new ArrayList<@Nullable String>();
        observations.observationConfig().observationHandler(new TraceReader(traces));
        var scopes = new ArrayList<@Nullable Observation>();

        carryOut(
                work(lease -> {
                    scopes.add(observations.getCurrentObservation());
                    return TaskDisposition.ACCEPT;
                }),
                order(1, 3, null),
                1);

        assertThat(traces).containsExactly("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        assertThat(scopes).doesNotContainNull().hasSize(1);
    }

    private void assertLeftAlone(int attempt) {
        assertThat(leases).isEmpty();
        assertThat(told.events())
                .containsExactly(new JobEvent.TaskCanceled(
                        Samples.JOB, "generate", attempt, Samples.AT, Samples.WORKER, 0L, "unstarted"));
    }

    private TaskDisposition carryOut(GenerationRequested order, int delivery) {
        return carryOut(
                work(lease -> {
                    leases.add(lease);
                    return TaskDisposition.ACCEPT;
                }),
                order,
                delivery);
    }

    private TaskDisposition carryOut(TaskRunner<GenerationRequested> work, GenerationRequested order, int delivery) {
        return work.carryOut(
                taken(order, delivery), order, new RunningTasks.Run(new CompletableFuture<>(), new Cancellation()));
    }

    private TaskRunner<GenerationRequested> work(TaskHandler<GenerationRequested> handler) {
        return new TaskRunner<>(
                TaskQueue.generations("default"),
                handler,
                new DeadLetterPublisher(told, Samples.WORKER, NOW),
                new TaskRunner.Setting(NOW, observations, canceled, releaseInterval, stopping));
    }

    private static GenerationRequested order(int attempt, int maxAttempts, @Nullable Instant notBefore) {
        return new GenerationRequested(
                Samples.JOB, "generate", attempt, maxAttempts, Samples.AT, notBefore, Samples.request("default"));
    }

    private static ConsumerRecord<String, byte[]> taken(GenerationRequested order, int delivery) {
        var written = new EventCodec("gateway").record(Topic.of(order), order);
        Headers headers = new RecordHeaders(written.headers());
        headers.add("traceparent", bytes("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
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

    /** Reads the trace that an observation of a record continues. */
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
