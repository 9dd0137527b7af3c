package io.atelier.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.messaging.Samples;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.TaskHandler.Disposition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which tasks join a run and which start one. Tasks run when the test calls for it. */
final class RunningTasksTests {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final RunningTasks tasks = new RunningTasks(waiting::add, new WorkSlots(2));
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void redeliveredTaskJoinsItsRun() {
        var first = tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));
        var second = tasks.startOrJoin("a", true, ending(Disposition.REJECT));
        runAll();

        assertThat(second.disposition()).isSameAs(first.disposition()).isCompletedWithValue(Disposition.ACCEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void otherTasksStartRunsOfTheirOwn() {
        tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));
        tasks.startOrJoin("b", true, ending(Disposition.ACCEPT));

        assertThat(tasks.count()).isEqualTo(2);
        runAll();
        assertThat(runs).hasValue(2);
        assertThat(tasks.count()).isZero();
    }

    @Test
    void acceptedTaskIsNotRunAgain() {
        tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));
        runAll();

        var again = tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));

        assertThat(again.disposition()).isCompletedWithValue(Disposition.ACCEPT);
        assertThat(runs).hasValue(1);
    }

    @Test
    void newRecordOfAnAcceptedTaskIsRunAgain() {
        tasks.startOrJoin("a", false, ending(Disposition.ACCEPT));
        runAll();

        tasks.startOrJoin("a", false, ending(Disposition.ACCEPT));
        runAll();

        assertThat(runs).hasValue(2);
    }

    @Test
    void newRecordOfARunningTaskJoinsIt() {
        tasks.startOrJoin("a", false, ending(Disposition.ACCEPT));

        tasks.startOrJoin("a", false, ending(Disposition.ACCEPT));
        runAll();

        assertThat(runs).hasValue(1);
    }

    @Test
    void aForwardedTaskThatComesBackIsNotTakenForAnAcceptedOne() {
        tasks.startOrJoin("a", false, ending(Disposition.FORWARD));
        runAll();

        tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));
        runAll();

        assertThat(runs).hasValue(2);
    }

    @Test
    void releasedTaskIsRunAgain() {
        tasks.startOrJoin("a", true, ending(Disposition.RELEASE));
        runAll();

        tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));
        runAll();

        assertThat(runs).hasValue(2);
    }

    @Test
    void onlyTheLastThousandAcceptedTasksAreRemembered() {
        for (int number = 0; number <= 1_000; number++) {
            tasks.startOrJoin("task-" + number, true, ending(Disposition.ACCEPT));
            runAll();
        }

        tasks.startOrJoin("task-0", true, ending(Disposition.ACCEPT));
        tasks.startOrJoin("task-1000", true, ending(Disposition.ACCEPT));
        runAll();

        assertThat(runs).hasValue(1_002);
    }

    @Test
    void onlyRunningTasksAreCanceled() {
        var done = tasks.startOrJoin("done", true, ending(Disposition.ACCEPT));
        runAll();
        var running = tasks.startOrJoin("running", true, ending(Disposition.ACCEPT));

        tasks.cancelAll();

        assertThat(running.cancellation().requested()).isTrue();
        assertThat(done.cancellation().requested()).isFalse();
    }

    @Test
    void onlyTasksOfTheCanceledJobAreCanceled() {
        var canceled = tasks.startOrJoin(Samples.JOB + "/generate/1", true, ending(Disposition.ACCEPT));
        var other = tasks.startOrJoin("gen_another/generate/1", true, ending(Disposition.ACCEPT));
        var request = Cancellation.Request.receivedNow(Duration.ofSeconds(5));

        tasks.cancel(Samples.JOB, request);

        assertThat(canceled.cancellation().cancellationRequest()).contains(request);
        assertThat(other.cancellation().requested()).isFalse();
    }

    @Test
    void taskThatContinuesAfterItsDispositionIsStuck() {
        var run = tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));
        assertThat(tasks.stuckCount()).isZero();

        run.disposition().complete(Disposition.ACCEPT);

        assertThat(tasks.stuckCount()).isEqualTo(1);
        runAll();
        assertThat(tasks.stuckCount()).isZero();
    }

    @Test
    void workEndsWithItsTaskAtTheLatest() {
        var ends = new AtomicInteger();
        var run = tasks.startOrJoin("a", true, ending(Disposition.RELEASE));
        run.work().onEnd(ends::incrementAndGet);
        assertThat(ends).hasValue(0);

        runAll();

        assertThat(ends).hasValue(1);
        run.work().onEnd(ends::incrementAndGet);
        assertThat(ends).hasValue(2);
    }

    @Test
    void releasingAllTasksDoesNotWaitForThem() {
        var running = tasks.startOrJoin("a", true, ending(Disposition.ACCEPT));

        tasks.releaseAll();

        assertThat(running.disposition()).isCompletedWithValue(Disposition.RELEASE);
        runAll();
        assertThat(running.disposition()).isCompletedWithValue(Disposition.RELEASE);
    }

    private Function<RunningTasks.Run, Disposition> ending(Disposition disposition) {
        return run -> {
            runs.incrementAndGet();
            return disposition;
        };
    }

    private void runAll() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
