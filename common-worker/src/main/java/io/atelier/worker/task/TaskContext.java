package io.atelier.worker.task;

import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.work.TaskProgress;
import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.engine.EngineThread;
import io.atelier.worker.engine.TaskInterrupted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What {@link TaskLogic} uses during an attempt: progress reports, cancellation, a thread for the engine, provider calls and their usage. */
public final class TaskContext {

    private static final String WAITING = "waiting for the store";

    private final TaskAttempt attempt;
    private final Cancellation cancellation;
    private final Consumer<TaskProgress> progress;
    private final InstantSource clock;
    private final Duration interruptGracePeriod;
    private final StartReport start;
    private final Runnable endOfWork;
    private final Object progressLock = new Object();
    private @Nullable TaskProgress latestProgress;
    private TaskProgress.@Nullable Preview preview;
    private ProviderTotals providerTotals = ProviderTotals.NONE;

    TaskContext(
            TaskAttempt attempt,
            Cancellation cancellation,
            Consumer<TaskProgress> progress,
            InstantSource clock,
            Duration interruptGracePeriod,
            StartReport start,
            Runnable endOfWork) {
        this.attempt = attempt;
        this.cancellation = cancellation;
        this.progress = progress;
        this.clock = clock;
        this.interruptGracePeriod = interruptGracePeriod;
        this.start = start;
        this.endOfWork = endOfWork;
    }

    public TaskAttempt attempt() {
        return attempt;
    }

    /** Requested when the task is to stop. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** Reports the progress of the attempt, but not before its start: of a job that is not known to run, none is shown. Never blocks. */
    public void progress(String phase, int step, int steps) {
        progress(phase, step, steps, null);
    }

    /**
     * Like {@link #progress(String, int, int)}.
     *
     * @param etaSeconds the estimated seconds until the phase ends; null if that is not known
     */
    public void progress(String phase, int step, int steps, @Nullable Long etaSeconds) {
        var report = attempt.progress(clock.instant(), phase, step, steps, etaSeconds);
        synchronized (progressLock) {
            latestProgress = report;
            publish(report);
        }
    }

    /** Names a preview that was stored: repeats the latest progress with it, unchanged otherwise; each later one names it too. Never blocks. */
    public void preview(TaskProgress.Preview stored) {
        synchronized (progressLock) {
            preview = stored;
            if (latestProgress != null) {
                publish(latestProgress);
            }
        }
    }

    private void publish(TaskProgress report) {
        var named = report.withPreview(preview);
        start.afterPublication(() -> progress.accept(named));
    }

    /**
     * Reports the start of the attempt now, if it was not reported before. To be called before the task asks another server: that may take long,
     * and a job that costs something must not be canceled as one that waits. Does not wait until it is confirmed; may be called from any thread.
     */
    public void reportStart() {
        start.publish();
    }

    /**
     * Counts a call that asks a provider for images, before it is made. May be called from any thread; the report of the attempt's end contains
     * the number.
     */
    public void countProviderCall() {
        reportStart();
        synchronized (this) {
            providerTotals = providerTotals.plusCall();
        }
    }

    /** Adds what a provider says it used for one call, also for one that failed. May be called from any thread. */
    public synchronized void addProviderUsage(ProviderUsage usage) {
        providerTotals = providerTotals.plus(usage);
    }

    /**
     * Frees the slot of the attempt for the next task, while this one stores and reports its images. To be called when no engine is needed any more;
     * happens before the report at the latest.
     */
    public void endWork() {
        endOfWork.run();
    }

    /** See {@link StartReport#end}. */
    @Nullable
    Instant endStartReport() {
        return start.end();
    }

    /** See {@link StartReport#awaitConfirmed}. */
    void awaitStartReport() throws InterruptedException {
        start.awaitConfirmed();
    }

    /** The calls so far and their usage. */
    synchronized ProviderTotals providerTotals() {
        return providerTotals;
    }

    /**
     * Runs an engine on a thread of its own and waits for its result. Once the job is canceled, it waits for the grace period of the
     * cancellation and that of an interrupt at most, and drops the result.
     *
     * @throws TaskInterrupted if the job was canceled meanwhile
     */
    public <R> R runEngine(Callable<R> engine) throws InterruptedException {
        return new EngineThread<>(engine, cancellation, interruptGracePeriod).result();
    }

    /**
     * Returns unless the task is to stop.
     *
     * @throws TaskInterrupted if its cancellation was requested
     */
    public void checkpoint() {
        if (cancellation.requested()) {
            throw new TaskInterrupted();
        }
    }

    /**
     * Waits before the next call of a store that is down, and reports it as progress.
     *
     * @throws TaskInterrupted if the cancellation is requested meanwhile
     */
    public void waitForStore(Duration pause) throws InterruptedException {
        progress(WAITING, 0, 1);
        if (cancellation.await(pause)) {
            throw new TaskInterrupted();
        }
    }
}
