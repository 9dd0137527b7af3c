package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.cancelRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.canceled;
import static io.atelier.gateway.lifecycle.JobEventFixtures.eraseRequested;
import static io.atelier.gateway.lifecycle.JobEventFixtures.failed;
import static io.atelier.gateway.lifecycle.JobEventFixtures.passed;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random jobs of several tasks, whose reports arrive in any order, any number of times, with crashes of the lifecycle between them. */
abstract class TaskOrderContract {

    /**
     * A random job of several tasks.
     *
     * @param fails whether one of its tasks fails for good
     */
    abstract ParallelJob job(int seed, boolean fails);

    @RepeatedTest(300)
    void anyOrderThatCanHappenPublishesTheSameTasksAndEndsInTheSameState(RepetitionInfo repetition) {
        var sample = job(repetition.getCurrentRepetition(), false);
        var expected = sample.run(1);

        var other = sample.run(2);

        assertThat(outcome(other)).isEqualTo(outcome(expected)).element(0).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(other.tasks()).containsExactlyInAnyOrderElementsOf(expected.tasks());
        assertThat(other.history().version()).isEqualTo(expected.history().version());
        other.checkNeeds();
    }

    @RepeatedTest(500)
    void anyOrderAndAnyRepetitionEndsInTheSameState(RepetitionInfo repetition) {
        var sample = job(repetition.getCurrentRepetition(), repetition.getCurrentRepetition() % 3 == 0);
        var lifecycle = new LifecycleSimulation(sample.plan());
        var events = sample.events(lifecycle);
        var random = new Random(repetition.getCurrentRepetition());
        // The lifecycle never reads a task of its own before the request.
        var shuffled = new ArrayList<>(SimulatedWorkers.withoutOwnTasks(events));
        IntStream.range(0, random.nextInt(9)).forEach(i -> shuffled.add(shuffled.get(random.nextInt(shuffled.size()))));
        Collections.shuffle(shuffled, random);

        var other = new LifecycleSimulation(sample.plan());
        other.process(shuffled);
        int crash = random.nextInt(shuffled.size());
        var interrupted = new LifecycleSimulation(sample.plan());
        interrupted.process(shuffled.subList(0, crash));
        var restarted = LifecycleSimulation.afterCrash(interrupted, interrupted);
        restarted.process(shuffled.subList(crash, shuffled.size()));

        assertThat(restarted.state()).isEqualTo(other.state());
        assertThat(restarted.written()).isEqualTo(other.written());
        assertThat(outcome(other)).isEqualTo(outcome(lifecycle));
        assertThat(other.tasks()).doesNotHaveDuplicates();
        // A failure that comes later leaves more time for other tasks.
        assertThat(sample.fails() ? List.of() : other.tasks()).isSubsetOf(lifecycle.tasks());
        assertThat(other.history().pending()).isEmpty();
        other.checkNeeds();
        assertVersionsWithoutGaps(other.history());
    }

    @RepeatedTest(300)
    void aCrashAtAnyPointChangesNeitherTheStateNorWhatIsPublished(RepetitionInfo repetition) {
        var sample = job(repetition.getCurrentRepetition(), repetition.getCurrentRepetition() % 3 == 0);
        var expected = new LifecycleSimulation(sample.plan());
        var events = sample.events(expected);
        var random = new Random(repetition.getCurrentRepetition());

        // The store and the topics contain what followed from the inputs up to any point after the last commit, the
        // topics at least the tasks that workers have reported about.
        int committed = random.nextInt(events.size());
        int stored = committed + random.nextInt(events.size() - committed + 1);
        int first = Math.max(committed, sample.publication(events, stored));
        var store = processed(sample, events, stored);
        var topics = processed(sample, events, first + random.nextInt(events.size() - first + 1));
        var restarted = LifecycleSimulation.afterCrash(store, topics);
        restarted.process(events.subList(committed, events.size()));

        assertThat(restarted.history()).isEqualTo(expected.history());
        assertThat(restarted.state()).isEqualTo(expected.state());
        assertThat(restarted.written()).containsExactlyInAnyOrderElementsOf(expected.written());
    }

    @RepeatedTest(200)
    void aVersionIsAnnouncedWithoutChange(RepetitionInfo repetition) {
        var sample = job(repetition.getCurrentRepetition(), false);
        var lifecycle = new LifecycleSimulation(sample.plan());
        var events = sample.events(lifecycle);
        var last = lifecycle.history();

        var history = JobHistory.empty(sample.plan());
        for (var event : events) {
            history = history.with(event);
            assertThat(last.announcement(history.version())).isEqualTo(history.announcement(history.version()));
        }
    }

    @RepeatedTest(300)
    void everyCanceledJobEnds(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var sample = job(repetition.getCurrentRepetition(), false);
        var events = SimulatedWorkers.withoutOwnTasks(sample.events(new LifecycleSimulation(sample.plan())));
        int point = 1 + random.nextInt(events.size() - 1);
        var lifecycle = processed(sample, events, point);
        var open = lifecycle.state();

        lifecycle.process(List.of(
                random.nextBoolean()
                        ? cancelRequested(20)
                        : passed(DeadlineKind.COMPLETE_BY, JobEventFixtures.NOON.plusSeconds(60))));
        var before = lifecycle.tasks();
        boolean answered = random.nextBoolean();
        for (var task : open.record().tasks().open()) {
            if (answered && task.isUnderWay()) {
                assertThat(Snapshot.status(lifecycle.state()).terminal()).isFalse();
                lifecycle.process(List.of(
                        random.nextInt(3) == 0
                                ? failed(task.name(), task.attempt(), Code.ENGINE_ERROR)
                                : canceled(task.name(), task.attempt(), 5L)));
            }
        }
        if (!answered) {
            lifecycle.process(List.of(passed(DeadlineKind.CANCEL_ANSWER, JobEventFixtures.NOON.plusSeconds(90))));
        }

        assertThat(Snapshot.status(lifecycle.state())).isIn(JobStatus.CANCELED, JobStatus.EXPIRED);
        assertThat(lifecycle.tasks())
                .as("nothing is published after a cancellation")
                .isEqualTo(before);
        assertThat(lifecycle.state().record().tasks().open()).isEmpty();
        var end = lifecycle.state();
        lifecycle.process(events);
        assertThat(lifecycle.state()).isEqualTo(end);
        assertVersionsWithoutGaps(lifecycle.history());
    }

    @RepeatedTest(200)
    void aFailedJobCancelsWhatIsOpenAndCanBeErased(RepetitionInfo repetition) {
        var sample = job(repetition.getCurrentRepetition(), true);
        var lifecycle = new LifecycleSimulation(sample.plan());
        sample.events(lifecycle);
        var history = lifecycle.history();
        int end = IntStream.rangeClosed(1, history.version())
                .filter(version -> Snapshot.status(history.states().get(version - 1)) == JobStatus.FAILED)
                .findFirst()
                .orElseThrow();
        var before = history.states().get(end - 2).record().tasks();

        boolean hadOthers = before.open().size() > 1;
        var announced = history.announcement(end);
        assertThat(announced.cancellation().isPresent()).isEqualTo(hadOthers);
        announced.cancellation().ifPresent(request -> assertThat(request.by()).isEqualTo(CanceledBy.FAILURE));
        assertThat(history.states().get(end - 1).record().tasks().open()).isEmpty();
        assertThat(announced.job().cancel()).isNull();
        assertThat(announced.tasks()).isEmpty();
        assertThat(end).isEqualTo(history.version());

        var erased = history.with(eraseRequested());
        assertThat(Snapshot.status((JobState.Existing) erased.state())).isEqualTo(JobStatus.FAILED);
        assertVersionsWithoutGaps(erased);
    }

    private static LifecycleSimulation processed(ParallelJob sample, List<JobEvent> events, int number) {
        var lifecycle = new LifecycleSimulation(sample.plan());
        lifecycle.process(events.subList(0, number));
        return lifecycle;
    }

    private static void assertVersionsWithoutGaps(JobHistory history) {
        var steps = history.announcement(history.version()).job().history();
        assertThat(steps)
                .extracting(Job.Step::version)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, history.version()).boxed().toList());
        var terminal = new HashSet<JobStatus>();
        steps.stream().map(Job.Step::status).filter(JobStatus::terminal).forEach(terminal::add);
        assertThat(terminal).hasSize(1);
        var ids = IntStream.rangeClosed(1, history.version())
                .mapToObj(version -> history.announcement(version).eventId());
        assertThat(ids).doesNotHaveDuplicates();
    }

    /** The parts of the final state that do not depend on the order of the reports. */
    private static List<Object> outcome(LifecycleSimulation lifecycle) {
        var history = lifecycle.history();
        var job = history.announcement(history.version()).job();
        assertThat(job.status().terminal()).as("%s", history).isTrue();
        var error = Objects.requireNonNullElse(job.error(), "no error");
        return job.status() == JobStatus.FAILED
                ? List.of(job.status(), job.images(), error)
                : Stream.<Object>of(
                                job.status(),
                                job.images(),
                                job.grids(),
                                error,
                                job.warnings(),
                                job.request(),
                                job.prompts(),
                                Objects.requireNonNull(job.engineMillis()))
                        .toList();
    }
}
