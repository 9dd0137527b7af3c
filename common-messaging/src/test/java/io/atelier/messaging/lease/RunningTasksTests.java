package io.atelier.messaging.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which orders join work and which start it. Work runs when the test says so. */
final class RunningTasksTests {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final RunningTasks tasks = new RunningTasks(waiting::add);
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
    void abandonedWorkGivesItsOrderBackAtOnce() {
        var running = tasks.startOrJoin("a", ending(Verdict.ACCEPT));

        tasks.abandonAll();

        assertThat(running.verdict()).isCompletedWithValue(Verdict.RELEASE);
        workOff();
        assertThat(running.verdict()).isCompletedWithValue(Verdict.RELEASE);
    }

    private Function<Cancellation, Verdict> ending(Verdict verdict) {
        return cancellation -> {
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
