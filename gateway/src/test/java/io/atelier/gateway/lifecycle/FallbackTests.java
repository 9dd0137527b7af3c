package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.passed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.messaging.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs whose model fails and that have fallback models. */
class FallbackTests {

    private static final String SECOND = "generate-fallback-1";
    private static final String THIRD = "generate-fallback-2";
    private static final GenerationRequested REQUESTED = JobEventFixtures.requested((GridSpec) null, "b", "c");

    @Test
    void theFallbackIsRequestedAtOnceWithItsOwnParameters() {
        var announced = last(history(REQUESTED, started("generate", 1), failed("generate", 1, Code.RATE_LIMITED)));

        assertThat(generations(announced)).singleElement().satisfies(task -> {
            assertThat(task.task()).isEqualTo(SECOND);
            assertThat(task.attempt()).isEqualTo(1);
            assertThat(task.maxAttempts()).isEqualTo(JobEventFixtures.MAX_ATTEMPTS);
            assertThat(task.notBefore()).isNull();
            assertThat(task.request().model()).isEqualTo("b");
            assertThat(task.request().engineModel()).isEqualTo("vendor/b");
            assertThat(task.request().engine()).isEqualTo("b");
            assertThat(task.request().steps()).isEqualTo(8);
            assertThat(task.request().guidanceScale()).isEqualTo(1.5);
            assertThat(task.request().size()).isEqualTo(new ImageSize(128, 128));
            assertThat(task.request().seed()).isEqualTo(7);
            assertThat(Topic.of(task)).endsWith(".far");
        });
    }

    @Test
    void aJobShowsTheModelThatSucceededAndThoseThatFailed() {
        var job = last(history(
                        REQUESTED,
                        failed("generate", 1, Code.RATE_LIMITED),
                        failed(SECOND, 1, Code.PROVIDER_ERROR),
                        started(THIRD, 1),
                        succeeded(THIRD, 1)))
                .job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.request().model()).isEqualTo("c");
        assertThat(job.request().requestedModel()).isEqualTo("auto");
        assertThat(job.request().tried()).extracting(Fallback::model).containsExactly("test-card", "b");
        assertThat(job.images()).containsExactly(JobEventFixtures.image(THIRD, 1, 0));
        assertThat(job.lastErrors()).extracting(Job.AttemptFailure::task).containsExactly("generate", SECOND);
        assertThat(job.warnings()).extracting(Job.Warning::code).containsExactly("fallback", "fallback");
        assertThat(job.warnings().get(0).message())
                .isEqualTo("The model 'test-card' failed (rate-limited: The engine failed in attempt 1.);"
                        + " 'b' was asked instead.");
        assertThat(job.createdAt()).isEqualTo(JobEventFixtures.NOON);
    }

    @Test
    void aChangeOfModelIsAStepThatNamesTheModel() {
        var announced = last(history(REQUESTED, failed("generate", 1, Code.RATE_LIMITED)));

        assertThat(announced.job().stage()).isEqualTo("retrying");
        assertThat(announced.job().status()).isEqualTo(JobStatus.QUEUED);
        assertThat(announced.event()).isInstanceOfSatisfying(GenerationEvent.RetryScheduled.class, event -> {
            assertThat(event.model()).isEqualTo("b");
            assertThat(event.attempt()).isEqualTo(1);
            assertThat(event.cause().code()).isEqualTo(Code.RATE_LIMITED);
        });
        assertThat(announced.job().history())
                .extracting(Job.Step::type)
                .containsExactly(GenerationEvent.Accepted.TYPE, GenerationEvent.RetryScheduled.TYPE);
    }

    @Test
    void attemptsAreCountedForEachModelSeparately() {
        var history = history(
                REQUESTED,
                failed("generate", 1, Code.ENGINE_ERROR),
                failed("generate", 2, Code.ENGINE_ERROR),
                failed("generate", 3, Code.ENGINE_ERROR),
                failed(SECOND, 1, Code.ENGINE_ERROR));

        var announced = last(history);

        assertThat(generations(announced)).singleElement().satisfies(task -> {
            assertThat(task.task()).isEqualTo(SECOND);
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.request().model()).isEqualTo("b");
        });
        assertThat(announced.event())
                .isInstanceOfSatisfying(
                        GenerationEvent.RetryScheduled.class,
                        event -> assertThat(event.model()).isNull());
        assertThat(announced.job().lastErrors())
                .extracting(failure -> failure.task() + "/" + failure.attempt())
                .containsExactly("generate/1", "generate/2", "generate/3", SECOND + "/1");
    }

    @Test
    void theFailureOfTheLastModelFailsTheJob() {
        var announced = last(history(
                REQUESTED,
                failed("generate", 1, Code.RATE_LIMITED),
                failed(SECOND, 1, Code.NOT_CONFIGURED),
                failed(THIRD, 1, Code.PROVIDER_TIMEOUT)));

        assertThat(announced.job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(announced.job().error())
                .isNotNull()
                .extracting(Failure::code)
                .isEqualTo(Code.PROVIDER_TIMEOUT);
        assertThat(generations(announced)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"MODERATION_BLOCKED", "POISONED", "DEADLINE_EXCEEDED"})
    void noFallbackIsAskedAfterAFailureThatForbidsIt(Code code) {
        assertThat(last(history(REQUESTED, failed("generate", 1, code))).job().status())
                .isEqualTo(JobStatus.FAILED);
    }

    @Test
    void lateReportsAboutTheFirstModelChangeNothing() {
        var history = history(REQUESTED, failed("generate", 1, Code.RATE_LIMITED), started(SECOND, 1));

        assertThat(history.with(succeeded("generate", 2))).isEqualTo(history);
        assertThat(history.with(started("generate", 2))).isEqualTo(history);
        assertThat(history.with(failed("generate", 2, Code.ENGINE_ERROR))).isEqualTo(history);
    }

    @Test
    void theLifecyclesOwnRequestCreatesNoJob() {
        var retry = generations(last(history(REQUESTED, failed("generate", 1, Code.RATE_LIMITED))))
                .get(0);

        assertThat(JobHistory.empty().with(retry).version()).isZero();
        assertThat(history(REQUESTED, failed("generate", 1, Code.RATE_LIMITED), retry)
                        .version())
                .isEqualTo(2);
    }

    @Test
    void theGridOfAFallbackIsSplit() {
        var announced = last(history(
                JobEventFixtures.requested(new GridSpec(2, 2, true, 0, 8, 32), "b"),
                failed("generate", 1, Code.RATE_LIMITED),
                succeeded(SECOND, 1)));

        assertThat(splits(announced))
                .singleElement()
                .satisfies(task -> assertThat(task.grids()).containsExactly(JobEventFixtures.image(SECOND, 1, 0)));
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Splitting.class);
        assertThat(generations(announced)).isEmpty();
    }

    @Test
    void aCancellationAppliesToAnyModel() {
        var canceled = last(history(
                REQUESTED, started("generate", 1), cancelRequested(20), failed("generate", 1, Code.RATE_LIMITED)));
        assertThat(canceled.job().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(generations(canceled)).isEmpty();

        var waiting = last(history(REQUESTED, failed("generate", 1, Code.RATE_LIMITED), cancelRequested(60)));
        assertThat(cancel(waiting.job()).outcome()).isEqualTo(Job.Outcome.DEQUEUED);

        var running = last(history(
                REQUESTED,
                failed("generate", 1, Code.RATE_LIMITED),
                started(SECOND, 1),
                cancelRequested(60),
                canceled(SECOND, 1, 3L)));
        assertThat(cancel(running.job()).outcome()).isEqualTo(Job.Outcome.FREED);
    }

    @Test
    void deadlinesApplyToAnyModel() {
        var announced = last(history(
                REQUESTED,
                started("generate", 1),
                failed("generate", 1, Code.RATE_LIMITED),
                passed(DeadlineKind.START_BY, JobEventFixtures.NOON.plusSeconds(60)),
                passed(DeadlineKind.COMPLETE_BY, JobEventFixtures.NOON.plusSeconds(61))));

        assertThat(announced.job().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(announced.job().error())
                .isNotNull()
                .extracting(Failure::code)
                .isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(announced.cancellation()).isPresent();
    }

    @Test
    void anErasedJobKeepsItsHistory() {
        var done = history(REQUESTED, failed("generate", 1, Code.RATE_LIMITED), succeeded(SECOND, 1));

        var erased = done.with(eraseRequested());

        var job = last(erased).job();
        assertThat(job.request().model()).isEqualTo("b");
        assertThat(job.history().subList(0, 3)).isEqualTo(last(done).job().history());
        assertThat(job.warnings()).isEmpty();
        assertThat(new String(JobHistorySerde.create().serializer().serialize("any", erased), StandardCharsets.UTF_8))
                .doesNotContain("snowman", "The engine failed");
    }

    @Test
    void progressOfTheFailedModelIsNotShownForTheNextOne() {
        var job = last(history(
                        REQUESTED,
                        started("generate", 1),
                        failed("generate", 1, Code.RATE_LIMITED),
                        started(SECOND, 1)))
                .job();
        var old = new TaskProgress(
                JobEventFixtures.JOB, "generate", 1, JobEventFixtures.NOON.plusMillis(40), "denoise", 9, 10);
        var fresh = new TaskProgress(
                JobEventFixtures.JOB, SECOND, 1, JobEventFixtures.NOON.plusMillis(60), "denoise", 1, 10);
        var progress = new LatestProgress();

        progress.publish(new TaskProgress(
                JobEventFixtures.JOB, "generate", 3, JobEventFixtures.NOON.plusMillis(50), "denoise", 9, 10));
        progress.publish(fresh);

        assertThat(Generation.currentProgress(job, Optional.of(old))).isEmpty();
        assertThat(Generation.currentProgress(job, progress.of(JobEventFixtures.JOB)))
                .hasValue(fresh);
    }

    @Test
    void aRequestFromTheStartEqualsTheClientsRequest() {
        var secondFallback = REQUESTED.request().withNextFallback().withNextFallback();

        var restarted = secondFallback.withFirstModel();

        assertThat(restarted.model()).isEqualTo("test-card");
        assertThat(restarted.size()).isEqualTo(REQUESTED.request().size());
        assertThat(restarted.fallbacks()).extracting(Fallback::model).containsExactly("b", "c");
        assertThat(restarted.tried()).isEmpty();
    }

    private static Job.Cancel cancel(Job job) {
        return Objects.requireNonNull(job.cancel());
    }

    private static Announcement last(JobHistory history) {
        return history.announcement(history.version());
    }

    private static JobHistory history(JobEvent... events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }
}
