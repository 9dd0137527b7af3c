package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.image;
import static io.atelier.gateway.lifecycle.JobEventFixtures.started;
import static io.atelier.gateway.lifecycle.JobEventFixtures.succeeded;
import static io.atelier.gateway.lifecycle.JobEventFixtures.withProviderCalls;
import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static io.atelier.gateway.lifecycle.TaskPlanFixtures.JOIN;
import static io.atelier.gateway.lifecycle.TaskPlanFixtures.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.SplitRequested;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Jobs with several tasks at once. */
class ParallelTaskTests {

    private static final TaskPlan TWO_BRANCHES = TaskPlanFixtures.branches(2);
    private static final GenerationRequested REQUESTED = TaskPlanFixtures.requested("b");

    @Test
    void tasksWithoutNeedsAreDueAtOnceAndTheSubmissionIsOneOfThem() {
        var announced = last(history());

        assertThat(generations(announced)).extracting(GenerationRequested::task).containsExactly(PROMPT);
        assertThat(splits(announced)).isEmpty();
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Accepted.class);
        assertThat(announced.job().status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void aTaskIsDueOnceAllThatItNeedsIsDone() {
        var half = history(started("generate", 1), started(PROMPT, 1), succeeded("generate", 1));
        assertThat(generations(last(half))).isEmpty();
        assertThat(last(half).job().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(last(half).job().stage()).isEqualTo("generating");

        var announced = last(half.with(succeeded(PROMPT, 1)));

        assertThat(generations(announced))
                .extracting(GenerationRequested::task)
                .containsExactly(TaskPlanFixtures.grid(0), TaskPlanFixtures.grid(1));
        assertThat(announced.job().status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aSplitGetsTheImagesOfWhatItNeedsOnly() {
        var announced = last(withGrids(succeeded(TaskPlanFixtures.grid(1), 1)));

        assertThat(splits(announced)).extracting(SplitRequested::task).containsExactly(TaskPlanFixtures.split(1));
        assertThat(splits(announced).get(0).grids()).containsExactly(image(TaskPlanFixtures.grid(1), 1, 0));
        assertThat(announced.event()).isInstanceOf(GenerationEvent.Splitting.class);
        assertThat(announced.job().stage()).isEqualTo("splitting");
    }

    @Test
    void aJobSucceedsWhenAllTasksAreDoneAndDeliversTheImagesThatNoTaskNeeds() {
        var open = withGrids(
                succeeded(TaskPlanFixtures.grid(1), 1),
                succeeded(TaskPlanFixtures.grid(0), 1),
                succeeded(TaskPlanFixtures.split(1), 1));
        assertThat(generations(last(open))).isEmpty();
        var joining = open.with(succeeded(TaskPlanFixtures.split(0), 1));
        assertThat(generations(last(joining)))
                .extracting(GenerationRequested::task)
                .containsExactly(JOIN);

        var job = last(joining.with(succeeded(JOIN, 1))).job();

        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.images()).containsExactly(image(JOIN, 1, 0));
        assertThat(job.grids())
                .containsExactly(image(TaskPlanFixtures.grid(0), 1, 0), image(TaskPlanFixtures.grid(1), 1, 0));
        assertThat(job.engineMillis()).isEqualTo(7 * 40);
        assertThat(job.completedAt()).isEqualTo(JobEventFixtures.NOON.plusMillis(100));
    }

    @Test
    void aTaskIsRetriedWhileOthersRun() {
        var history = history(
                started("generate", 1),
                started(PROMPT, 1),
                withProviderCalls(failed("generate", 1, Code.ENGINE_ERROR), 3));

        var announced = last(history);

        assertThat(generations(announced)).singleElement().satisfies(task -> {
            assertThat(task.task()).isEqualTo("generate");
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.notBefore())
                    .isEqualTo(JobEventFixtures.NOON.plusMillis(50).plus(Duration.ofSeconds(1)));
        });
        assertThat(announced.event()).isInstanceOf(GenerationEvent.RetryScheduled.class);
        assertThat(announced.job().status()).isEqualTo(JobStatus.RUNNING);
        var other = last(history.with(withProviderCalls(succeeded(PROMPT, 1), 2)));
        assertThat(generations(other)).as("the retry is published once").isEmpty();
        assertThat(other.job().providerCalls()).isEqualTo(5);
    }

    @Test
    void attemptsAndFallbacksAreThoseOfTheirTask() {
        var announced = last(history(
                failed(PROMPT, 1, Code.RATE_LIMITED),
                failed("generate", 1, Code.ENGINE_ERROR),
                started("generate", 2)));
        var tasks = history(failed(PROMPT, 1, Code.RATE_LIMITED))
                .states()
                .get(1)
                .record()
                .tasks();

        assertThat(tasks.find(PROMPT + "-fallback-1"))
                .hasValueSatisfying(task -> assertThat(task.request().model()).isEqualTo("b"));
        assertThat(tasks.find("generate"))
                .hasValueSatisfying(task -> assertThat(task.request().model()).isEqualTo("test-card"));
        assertThat(announced.job().request().model()).isEqualTo("test-card");
        assertThat(announced.job().attempt()).isEqualTo(2);
        assertThat(announced.job().lastErrors())
                .extracting(Job.AttemptFailure::task)
                .containsExactlyInAnyOrder("generate", PROMPT);
    }

    @Test
    void tasksThatAreDueInOneOfSeveralVersionsAtOnceAreAllPublished() {
        var lifecycle = new LifecycleSimulation(TWO_BRANCHES);
        lifecycle.process(List.of(
                REQUESTED,
                started(TaskPlanFixtures.grid(1), 1),
                succeeded(TaskPlanFixtures.grid(1), 1),
                succeeded("generate", 1)));

        var tasks = lifecycle.process(List.of(succeeded(PROMPT, 1)));

        assertThat(tasks)
                .extracting(LifecycleSimulation::task)
                .containsExactly(
                        LifecycleSimulation.task(TaskPlanFixtures.grid(0), 1),
                        LifecycleSimulation.task(TaskPlanFixtures.split(1), 1));
    }

    @Test
    void aFailureEndsTheJobAndCancelsTheOtherTasks() {
        var history = history(started("generate", 1), started(PROMPT, 1), failed(PROMPT, 1, Code.MODERATION_BLOCKED));

        var announced = last(history);

        assertThat(announced.job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(Objects.requireNonNull(announced.job().error()).code()).isEqualTo(Code.MODERATION_BLOCKED);
        assertThat(announced.cancellation())
                .hasValueSatisfying(request -> assertThat(request.grace()).isEqualTo(Duration.ofSeconds(5)));
        assertThat(history.with(announced.cancellation().orElseThrow())).isEqualTo(history);
        assertThat(history.with(succeeded("generate", 1))).isEqualTo(history);
    }

    @Test
    void aFailureWithoutOtherOpenTasksCancelsNothing() {
        var announced = last(history(succeeded(PROMPT, 1), failed("generate", 1, Code.MODERATION_BLOCKED)));

        assertThat(announced.job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(announced.cancellation()).isEmpty();
    }

    @Test
    void aJobIsCanceledWhenAllWorkersHaveAnswered() {
        var canceling = history(started("generate", 1), started(PROMPT, 1), cancelRequested(20));
        var half = canceling.with(canceled("generate", 1, 40L));
        assertThat(last(half).job().status()).isEqualTo(JobStatus.RUNNING);
        assertThat(last(half).job().stage()).isEqualTo("canceling");

        var job = last(half.with(canceled(PROMPT, 1, 9L))).job();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(cancel(job).outcome()).isEqualTo(Outcome.FREED);
        assertThat(cancel(job).freedAfterMillis()).as("of the slowest worker").isEqualTo(40);
        assertThat(cancel(last(half.with(canceled(PROMPT, 1, null))).job()).outcome())
                .isEqualTo(Outcome.UNCONFIRMED);
    }

    @Test
    void aTaskThatWaitsForAWorkerDelaysNoCancellation() {
        var canceling = history(started(PROMPT, 1), cancelRequested(20));
        assertThat(canceling.with(started("generate", 1))).isEqualTo(canceling);

        var job = last(canceling.with(succeeded(PROMPT, 1))).job();

        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(cancel(job).freedAfterMillis()).isEqualTo(80);
        assertThat(generations(last(canceling.with(succeeded(PROMPT, 1))))).isEmpty();
    }

    @Test
    void aPlanThatCannotEndIsRefused() {
        var request = REQUESTED.request();
        var late = new PlannedTask("a", Kind.GENERATE, List.of("b"), request);
        var first = new PlannedTask("b", Kind.GENERATE, List.of(), request);
        var start = new JobVersion(1, JobEventFixtures.NOON);

        assertThatThrownBy(() -> TaskGraph.of(List.of(late, first), start))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The task a of a plan");
        assertThatThrownBy(() -> TaskGraph.of(List.of(first, first), start))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TaskGraph.of(List.of(), start)).isInstanceOf(IllegalArgumentException.class);
        assertThat(TaskGraph.of(List.of(first, late), start).withDue(start).open())
                .hasSize(1);
    }

    /** 1 base image, 5 grids, 5 splits and 20 uploads, as a persona with 20 images will need. */
    @RepeatedTest(20)
    void theHistoryOfAJobOfTwentyImagesIsBounded(RepetitionInfo repetition) {
        int seed = repetition.getCurrentRepetition();
        var plan = TaskPlanFixtures.tree(5, 4);
        var lifecycle = new LifecycleSimulation(plan);
        var events = new SimulatedWorkers(seed, 0, null).run(lifecycle, TaskPlanFixtures.requested(), new Random(seed));
        var history = lifecycle.history();

        assertThat(lifecycle.state().record().tasks().tasks()).hasSize(31).allMatch(JobTask::isDone);
        assertThat(last(history).job().status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(last(history).job().images()).hasSize(20);
        assertThat(history.pending()).isEmpty();
        // Each attempt makes two versions.
        assertThat(history.version()).isBetween(1 + 2 * 31, 1 + 2 * 31 * JobEventFixtures.MAX_ATTEMPTS);
        assertThat(JobHistorySerde.create().serializer().serialize("", history).length)
                .isLessThan(120_000);

        var shuffled = new ArrayList<>(SimulatedWorkers.withoutOwnTasks(events));
        Collections.shuffle(shuffled, new Random(seed));
        var other = new LifecycleSimulation(plan);
        other.process(shuffled);
        assertThat(last(other.history()).job().images())
                .isEqualTo(last(history).job().images());
    }

    private static JobHistory withGrids(JobEvent... events) {
        var history = history(succeeded("generate", 1), succeeded(PROMPT, 1));
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }

    private static JobHistory history(JobEvent... events) {
        var history = JobHistory.empty(TWO_BRANCHES).with(REQUESTED);
        for (var event : events) {
            history = history.with(event);
        }
        return history;
    }

    private static Announcement last(JobHistory history) {
        return history.announcement(history.version());
    }

    private static Job.Cancel cancel(Job job) {
        return Objects.requireNonNull(job.cancel());
    }
}
