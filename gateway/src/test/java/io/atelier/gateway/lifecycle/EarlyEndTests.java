package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.gridRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.passed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.requested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Jobs that are canceled, expire, or are erased. */
class EarlyEndTests {

    private static final Instant LATER = JobEventFixtures.NOON.plusSeconds(60);

    @Test
    void aQueuedJobIsDequeued() {
        var job = job(requested(), cancelRequested(5));

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(outcome(job)).isEqualTo(Outcome.DEQUEUED);
        assertThat(job.error()).isNull();
    }

    @Test
    void aRunningJobIsCanceledWhenItsWorkerHasStopped() {
        var canceling = history(requested(), started("generate", 1), cancelRequested(20));
        assertThat(last(canceling).job().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(last(canceling).job().stage()).isEqualTo("canceling");
        assertThat(last(canceling).event()).isInstanceOf(GenerationEvent.CancelRequested.class);

        var job = last(canceling.with(canceled("generate", 1, 140L))).job();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(outcome(job)).isEqualTo(Outcome.FREED);
        assertThat(cancel(job).freedAfterMillis()).isEqualTo(140);
        assertThat(job.history()).extracting(Job.Step::version).containsExactly(1, 2, 3, 4);
        assertThat(job.history())
                .extracting(Job.Step::type)
                .endsWith("io.atelier.generation.cancel-requested.v1", "io.atelier.generation.canceled.v1");
    }

    @Test
    void aResultBeforeTheCancellationStands() {
        var job = job(requested(), started("generate", 1), cancelRequested(20), succeeded("generate", 1));

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(outcome(job)).isEqualTo(Outcome.TOO_LATE);
        assertThat(job.images()).hasSize(1);
        assertThat(job(requested(), succeeded("generate", 1), cancelRequested(500))
                        .status())
                .isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void aWorkerMayConfirmACancellationBeforeTheLifecycleReceivesIt() {
        var job = job(requested(), started("generate", 1), canceled("generate", 1, 3L), cancelRequested(20));

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(outcome(job)).isEqualTo(Outcome.FREED);
    }

    @Test
    void theGridOfACanceledJobIsNotSplit() {
        var announced =
                last(history(gridRequested(), started("generate", 1), cancelRequested(20), succeeded("generate", 1)));

        assertThat(announced.job().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(outcome(announced.job())).isEqualTo(Outcome.FREED);
        assertThat(splits(announced)).isEmpty();
    }

    @Test
    void anAttemptThatFailsDuringACancellationIsTheLast() {
        var announced = last(history(
                requested(),
                started("generate", 1),
                cancelRequested(20),
                failed("generate", 1, Code.ENGINE_UNAVAILABLE)));

        assertThat(announced.job().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(generations(announced)).isEmpty();
    }

    @Test
    void aMissingConfirmationEndsTheJobAsUnconfirmed() {
        var job = job(
                requested(), started("generate", 1), cancelRequested(20), passed(DeadlineKind.CANCEL_ANSWER, LATER));

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(outcome(job)).isEqualTo(Outcome.UNCONFIRMED);
        assertThat(job(requested(), started("generate", 1), cancelRequested(20), canceled("generate", 1, null)))
                .extracting(EarlyEndTests::outcome)
                .isEqualTo(Outcome.UNCONFIRMED);
    }

    @Test
    void aJobThatNoWorkerStartsInTimeExpires() {
        var announced = last(history(requested(), passed(DeadlineKind.START_BY, LATER)));

        assertThat(announced.job().status()).isEqualTo(JobStatus.EXPIRED);
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Expired.class);
        assertThat(announced.cancellation())
                .hasValueSatisfying(request -> assertThat(request.by()).isEqualTo(CanceledBy.DEADLINE));
        assertThat(job(requested(), passed(DeadlineKind.COMPLETE_BY, LATER)).status())
                .isEqualTo(JobStatus.EXPIRED);
        assertThat(job(requested(), started("generate", 1), passed(DeadlineKind.START_BY, LATER))
                        .status())
                .isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aJobThatDoesNotEndInTimeIsCanceledWithAnError() {
        var late = history(requested(), started("generate", 1), passed(DeadlineKind.COMPLETE_BY, LATER));
        assertThat(last(late).cancellation())
                .hasValueSatisfying(request -> assertThat(request.by()).isEqualTo(CanceledBy.DEADLINE));
        assertThat(cancel(last(late).job()).by()).isEqualTo(CanceledBy.DEADLINE);

        var job = last(late.with(canceled("generate", 1, 9L))).job();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(job.error())
                .isNotNull()
                .satisfies(error -> assertThat(error.code()).isEqualTo(Code.DEADLINE_EXCEEDED));
    }

    @Test
    void theLifecyclesOwnCancellationChangesNothing() {
        var late = history(requested(), started("generate", 1), passed(DeadlineKind.COMPLETE_BY, LATER));

        assertThat(late.with(last(late).cancellation().orElseThrow())).isEqualTo(late);
    }

    @Test
    void textsAndImagesAreErasedOnceTheJobHasEnded() {
        var open = history(requested(), started("generate", 1), eraseRequested());
        assertThat(last(open).job().erasure()).isNull();

        var erased = open.with(succeeded("generate", 1));

        var job = last(erased).job();
        assertThat(job.erasure()).isNotNull();
        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).isEmpty();
        assertThat(last(erased).event()).isInstanceOf(GenerationEvent.Erased.class);
        assertThat(json(erased)).doesNotContain("snowman", ".png");
    }

    @Test
    void anErasureRemovesTextsFromFailuresAndReasons() {
        var erased = history(
                requested(),
                started("generate", 1),
                failed("generate", 1, Code.REQUEST_REJECTED),
                cancelRequested(500),
                eraseRequested());

        assertThat(json(erased)).doesNotContain("snowman", "The engine failed", "changed my mind");
        assertThat(EventCodec.json().writeValueAsString(last(erased).job()))
                .doesNotContain("snowman", "The engine failed");
    }

    @Test
    void anErasureRemovesTheRewrittenPrompt() {
        var enhancement = new Job.Enhancement("some-model", "a melancholy snowman", 3_000);
        var done = history(requested(), started("generate", 1), JobEventFixtures.succeeded("generate", 1, enhancement));
        assertThat(last(done).job().enhancement()).isEqualTo(enhancement);

        var erased = done.with(eraseRequested());

        assertThat(last(erased).job().enhancement()).isEqualTo(new Job.Enhancement("some-model", null, 3_000));
        assertThat(json(erased)).doesNotContain("melancholy");
    }

    @Test
    void aJobIsErasedAtTheEndOfItsRetentionPeriod() {
        var terms = new Terms(null, null, Duration.ofHours(1), null, null);
        var done = history(requested(terms), succeeded("generate", 1));
        assertThat(last(done).job().expiresAt())
                .isEqualTo(JobEventFixtures.NOON.plusMillis(100).plus(Duration.ofHours(1)));

        var erased = done.with(passed(
                DeadlineKind.RETENTION, JobEventFixtures.NOON.plusMillis(100).plus(Duration.ofHours(1))));

        assertThat(last(erased).job().erasure())
                .isEqualTo(new Job.Erasure(JobEventFixtures.NOON.plusMillis(100).plus(Duration.ofHours(1)), true));
        assertThat(erased.with(passed(DeadlineKind.MEMORY, LATER)).isPurged()).isTrue();
    }

    /** In any order of events: versions without gaps, at most one terminal status, and no change when all events are repeated. */
    @RepeatedTest(200)
    void anyOrderOfEventsEndsInOneTerminalStatus(RepetitionInfo repetition) {
        var events = new ArrayList<>(List.of(
                requested(),
                started("generate", 1),
                failed("generate", 1, Code.ENGINE_ERROR),
                started("generate", 2),
                succeeded("generate", 2),
                canceled("generate", 2, 5L),
                cancelRequested(120),
                eraseRequested(),
                passed(DeadlineKind.START_BY, LATER),
                passed(DeadlineKind.COMPLETE_BY, LATER),
                passed(DeadlineKind.CANCEL_ANSWER, LATER)));
        Collections.shuffle(events, new Random(repetition.getCurrentRepetition()));

        var history = history(events.toArray(JobEvent[]::new));

        var steps = last(history).job().history();
        assertThat(steps).extracting(Job.Step::version).isEqualTo(numbers(history.version()));
        assertThat(steps.stream()
                        .filter(step -> step.status().terminal())
                        .map(Job.Step::status)
                        .distinct())
                .as("%s", events)
                .hasSizeLessThanOrEqualTo(1);
        var repeated = history;
        for (var event : events) {
            repeated = repeated.with(event);
        }
        assertThat(last(repeated).job()).isEqualTo(last(history).job());
    }

    private static List<Integer> numbers(int last) {
        return IntStream.rangeClosed(1, last).boxed().toList();
    }

    private static JobHistory history(JobEvent... events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }

    private static Announcement last(JobHistory history) {
        return history.announcement(history.version());
    }

    private static Job job(JobEvent... events) {
        return last(history(events)).job();
    }

    private static Job.Cancel cancel(Job job) {
        assertThat(job.cancel()).isNotNull();
        return Objects.requireNonNull(job.cancel());
    }

    private static @Nullable Outcome outcome(Job job) {
        return cancel(job).outcome();
    }

    private static String json(JobHistory history) {
        return new String(JobHistorySerde.create().serializer().serialize("any", history), StandardCharsets.UTF_8);
    }
}
