package io.atelier.worker.task;

import io.atelier.contract.work.TaskProgress;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.engine.EngineThread;
import io.atelier.worker.engine.TaskInterrupted;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** An attempt under way, as {@link TaskLogic} sees it: where to tell how far it is, where engines run, whether to go on. */
public final class TaskContext {

    private static final String WAITING = "waiting for the store";

    private final TaskAttempt attempt;
    private final Cancellation cancellation;
    private final Consumer<TaskProgress> progress;
    private final InstantSource clock;
    private final Duration interruptGracePeriod;

    TaskContext(
            TaskAttempt attempt,
            Cancellation cancellation,
            Consumer<TaskProgress> progress,
            InstantSource clock,
            Duration interruptGracePeriod) {
        this.attempt = attempt;
        this.cancellation = cancellation;
        this.progress = progress;
        this.clock = clock;
        this.interruptGracePeriod = interruptGracePeriod;
    }

    public TaskAttempt attempt() {
        return attempt;
    }

    /** Tells an engine to stop. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** Tells how far the attempt is; never blocks. */
    public void progress(String phase, int step, int steps) {
        progress.accept(attempt.progress(clock.instant(), phase, step, steps));
    }

    /**
     * Has an engine work, on a thread of its own, and waits for it: at most for its grace and one more once its job is canceled. What it
     * gives or throws after that is lost.
     *
     * @throws TaskInterrupted if the job was canceled meanwhile
     */
    public <R> R draw(Callable<R> engine) throws InterruptedException {
        return new EngineThread<>(engine, cancellation, interruptGracePeriod).result();
    }

    /**
     * Goes on only if nobody asked to stop.
     *
     * @throws TaskInterrupted if somebody did
     */
    public void checkpoint() {
        if (cancellation.requested()) {
            throw new TaskInterrupted();
        }
    }

    /**
     * Passes the time until the store is tried again, and tells that.
     *
     * @throws TaskInterrupted if asked to stop meanwhile
     */
    public void waitForStore(Duration pause) throws InterruptedException {
        progress(WAITING, 0, 1);
        if (cancellation.await(pause)) {
            throw new TaskInterrupted();
        }
    }
}
