package io.atelier.generator;

import io.atelier.contract.work.TaskProgress;
import io.atelier.generator.engine.GenerationRun.ProgressListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rate of progress reports: passes on the first and the last step of each phase, and at most one other step per interval, so that a
 * fast engine does not cause a record for each step. During the first interval it only keeps the last step and passes it on at the end of the
 * interval; a run that is closed by then reports nothing. Thread-safe.
 */
final class ThrottledProgress implements ProgressListener, AutoCloseable {

    private final ProgressListener listener;
    private final InstantSource clock;
    private final long intervalMillis;
    private String phase = "";
    private long nextMillis;
    private boolean started;
    private @Nullable Runnable pending;

    private ThrottledProgress(ProgressListener listener, InstantSource clock, Duration interval) {
        this.listener = listener;
        this.clock = clock;
        this.intervalMillis = interval.toMillis();
    }

    /** Starts with the first interval, for a run that begins now. */
    static ThrottledProgress start(ProgressListener listener, InstantSource clock, Duration interval) {
        // On the thread of the timer, since a listener does not block: on few cores the default starts a thread each
        // time.
        var timer = CompletableFuture.delayedExecutor(interval.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
        return start(listener, clock, interval, timer);
    }

    /** @param afterInterval runs a given action when the first interval is over */
    static ThrottledProgress start(
            ProgressListener listener, InstantSource clock, Duration interval, Executor afterInterval) {
        var progress = new ThrottledProgress(listener, clock, interval);
        afterInterval.execute(progress::endFirstInterval);
        return progress;
    }

    @Override
    public void at(String phase, int step, int steps) {
        accept(phase, step, steps, () -> listener.at(phase, step, steps));
    }

    @Override
    public void loading(int percent, @Nullable Long etaSeconds) {
        accept(TaskProgress.LOAD, percent, 100, () -> listener.loading(percent, etaSeconds));
    }

    private synchronized void accept(String phase, int step, int steps, Runnable report) {
        if (started) {
            report(phase, step, steps, report);
        } else {
            pending = () -> report(phase, step, steps, report);
        }
    }

    /** Drops a step that is still kept. */
    @Override
    public synchronized void close() {
        pending = null;
    }

    private synchronized void endFirstInterval() {
        started = true;
        if (pending != null) {
            pending.run();
            pending = null;
        }
    }

    private void report(String phase, int step, int steps, Runnable report) {
        long now = clock.millis();
        if (phase.equals(this.phase) && step < steps && now < nextMillis) {
            return;
        }
        this.phase = phase;
        nextMillis = now + intervalMillis;
        report.run();
    }
}
