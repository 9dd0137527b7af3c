package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.CancellationRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which orders join work and which start it. Work runs when the test says so. */
final class RunningTasksTests {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final RunningTasks tasks = new RunningTasks(waiting::add, 2);
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void orderThatComesAgainJoinsTheWorkUnderWay() {
        var first = tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));
        var second = tasks.startOrJoin("a", ending(TaskDisposition.REJECT));
        workOff();

        assertThat(second.verdict()).isSameAs(first.verdict()).isCompletedWithValue(TaskDisposition.ACCEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void otherOrdersStartWorkOfTheirOwn() {
        tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));
        tasks.startOrJoin("b", ending(TaskDisposition.ACCEPT));

        assertThat(tasks.count()).isEqualTo(2);
        workOff();
        assertThat(runs).hasValue(2);
        assertThat(tasks.count()).isZero();
    }

    @Test
    void orderThatWasFinishedHereIsNotWorkedOnAgain() {
        tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));
        workOff();

        var again = tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));

        assertThat(again.verdict()).isCompletedWithValue(TaskDisposition.ACCEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void orderThatWasGivenBackIsWorkedOnAgain() {
        tasks.startOrJoin("a", ending(TaskDisposition.RELEASE));
        workOff();

        tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));
        workOff();

        assertThat(runs).hasValue(2);
    }

    @Test
    void finishedOrdersAreForgottenInTheEnd() {
        for (int number = 0; number <= 1_000; number++) {
            tasks.startOrJoin("order-" + number, ending(TaskDisposition.ACCEPT));
            workOff();
        }

        tasks.startOrJoin("order-0", ending(TaskDisposition.ACCEPT));
        tasks.startOrJoin("order-1000", ending(TaskDisposition.ACCEPT));
        workOff();

        assertThat(runs).hasValue(1_002);
    }

    @Test
    void cancellingTellsRunningWorkOnly() {
        var done = tasks.startOrJoin("done", ending(TaskDisposition.ACCEPT));
        workOff();
        var running = tasks.startOrJoin("running", ending(TaskDisposition.ACCEPT));

        tasks.cancelAll();

        assertThat(running.cancellation().requested()).isTrue();
        assertThat(done.cancellation().requested()).isFalse();
    }

    @Test
    void recallReachesTheTasksOfItsJobOnly() {
        var concerned = tasks.startOrJoin(Samples.JOB + "/generate/1", ending(TaskDisposition.ACCEPT));
        var other = tasks.startOrJoin("gen_another/generate/1", ending(TaskDisposition.ACCEPT));
        var cancellationRequest = CancellationRequest.receivedNow(Duration.ofSeconds(5));

        tasks.cancellationRequest(Samples.JOB, cancellationRequest);

        assertThat(concerned.cancellation().cancellationRequest()).contains(cancellationRequest);
        assertThat(other.cancellation().requested()).isFalse();
    }

    @Test
    void workThatGoesOnAfterItsVerdictIsStuckAndBlocksTheLastThread() {
        var run = tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));
        assertThat(tasks.stuck()).isZero();

        run.verdict().complete(TaskDisposition.ACCEPT);

        assertThat(tasks.stuck(run)).isTrue();
        assertThat(tasks.stuck()).isEqualTo(1);
        assertThat(tasks.blocked()).isFalse();
        tasks.startOrJoin("b", ending(TaskDisposition.ACCEPT));
        assertThat(tasks.blocked()).isTrue();
        workOff();
        assertThat(tasks.stuck(run)).isFalse();
        assertThat(tasks.blocked()).isFalse();
    }

    @Test
    void abandonedWorkGivesItsOrderBackAtOnce() {
        var running = tasks.startOrJoin("a", ending(TaskDisposition.ACCEPT));

        tasks.abandonAll();

        assertThat(running.verdict()).isCompletedWithValue(TaskDisposition.RELEASE);
        workOff();
        assertThat(running.verdict()).isCompletedWithValue(TaskDisposition.RELEASE);
    }

    private Function<RunningTasks.Run, TaskDisposition> ending(TaskDisposition verdict) {
        return run -> {
            runs.incrementAndGet();
            return verdict;
        };
    }

    private void workOff() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
