package io.atelier.messaging.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.Samples;
import io.atelier.messaging.cancellation.Recall;
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
        var first = tasks.startOrJoin("a", ending(Verdict.ACCEPT));
        var second = tasks.startOrJoin("a", ending(Verdict.REJECT));
        workOff();

        assertThat(second.verdict()).isSameAs(first.verdict()).isCompletedWithValue(Verdict.ACCEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void otherOrdersStartWorkOfTheirOwn() {
        tasks.startOrJoin("a", ending(Verdict.ACCEPT));
        tasks.startOrJoin("b", ending(Verdict.ACCEPT));

        assertThat(tasks.count()).isEqualTo(2);
        workOff();
        assertThat(runs).hasValue(2);
        assertThat(tasks.count()).isZero();
    }

    @Test
    void orderThatWasFinishedHereIsNotWorkedOnAgain() {
        tasks.startOrJoin("a", ending(Verdict.ACCEPT));
        workOff();

        var again = tasks.startOrJoin("a", ending(Verdict.ACCEPT));

        assertThat(again.verdict()).isCompletedWithValue(Verdict.ACCEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void orderThatWasGivenBackIsWorkedOnAgain() {
        tasks.startOrJoin("a", ending(Verdict.RELEASE));
        workOff();

        tasks.startOrJoin("a", ending(Verdict.ACCEPT));
        workOff();

        assertThat(runs).hasValue(2);
    }

    @Test
    void finishedOrdersAreForgottenInTheEnd() {
        for (int number = 0; number <= 1_000; number++) {
            tasks.startOrJoin("order-" + number, ending(Verdict.ACCEPT));
            workOff();
        }

        tasks.startOrJoin("order-0", ending(Verdict.ACCEPT));
        tasks.startOrJoin("order-1000", ending(Verdict.ACCEPT));
        workOff();

        assertThat(runs).hasValue(1_002);
    }

    @Test
    void cancellingTellsRunningWorkOnly() {
        var done = tasks.startOrJoin("done", ending(Verdict.ACCEPT));
        workOff();
        var running = tasks.startOrJoin("running", ending(Verdict.ACCEPT));

        tasks.cancelAll();

        assertThat(running.cancellation().requested()).isTrue();
        assertThat(done.cancellation().requested()).isFalse();
    }

    @Test
    void recallReachesTheTasksOfItsJobOnly() {
        var concerned = tasks.startOrJoin(Samples.JOB + "/generate/1", ending(Verdict.ACCEPT));
        var other = tasks.startOrJoin("gen_another/generate/1", ending(Verdict.ACCEPT));
        var recall = Recall.heardNow(Duration.ofSeconds(5));

        tasks.recall(Samples.JOB, recall);

        assertThat(concerned.cancellation().recall()).contains(recall);
        assertThat(other.cancellation().requested()).isFalse();
    }

    @Test
    void workThatGoesOnAfterItsVerdictIsStuckAndBlocksTheLastThread() {
        var run = tasks.startOrJoin("a", ending(Verdict.ACCEPT));
        assertThat(tasks.stuck()).isZero();

        run.verdict().complete(Verdict.ACCEPT);

        assertThat(tasks.stuck(run)).isTrue();
        assertThat(tasks.stuck()).isEqualTo(1);
        assertThat(tasks.blocked()).isFalse();
        tasks.startOrJoin("b", ending(Verdict.ACCEPT));
        assertThat(tasks.blocked()).isTrue();
        workOff();
        assertThat(tasks.stuck(run)).isFalse();
        assertThat(tasks.blocked()).isFalse();
    }

    @Test
    void abandonedWorkGivesItsOrderBackAtOnce() {
        var running = tasks.startOrJoin("a", ending(Verdict.ACCEPT));

        tasks.abandonAll();

        assertThat(running.verdict()).isCompletedWithValue(Verdict.RELEASE);
        workOff();
        assertThat(running.verdict()).isCompletedWithValue(Verdict.RELEASE);
    }

    private Function<RunningTasks.Run, Verdict> ending(Verdict verdict) {
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
