package io.atelier.generator;

import io.atelier.generator.engine.GenerationRun.ProgressListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first and the last step of each phase through, and of the others one for each interval: what people can see, without a record
 * for each step of a fast engine. Of its first interval it tells the last step only, and that when the interval is over: a run that was
 * closed by then has nothing to tell. Thread-safe.
 */
final class ThrottledProgress implements ProgressListener, AutoCloseable {

    private final ProgressListener listener;
    private final InstantSource clock;
    private final long intervalMillis;
    private String phase = "";
    private long nextMillis;
    private boolean begun;
    private @Nullable Runnable held;

    private ThrottledProgress(ProgressListener listener, InstantSource clock, Duration interval) {
        this.listener = listener;
        this.clock = clock;
        this.intervalMillis = interval.toMillis();
    }

    /** The progress of a run that begins now. */
    static ThrottledProgress start(ProgressListener listener, InstantSource clock, Duration interval) {
        var timer = CompletableFuture.delayedExecutor(interval.toMillis(), TimeUnit.MILLISECONDS);
        return start(listener, clock, interval, timer);
    }

    /** @param afterInterval runs what it is given when the first interval is over */
    static ThrottledProgress start(
            ProgressListener listener, InstantSource clock, Duration interval, Executor afterInterval) {
        var progress = new ThrottledProgress(listener, clock, interval);
        afterInterval.execute(progress::begin);
        return progress;
    }

    @Override
    public synchronized void at(String phase, int step, int steps) {
        if (begun) {
            tell(phase, step, steps);
        } else {
            held = () -> tell(phase, step, steps);
        }
    }

    /** What is still held is not told. */
    @Override
    public synchronized void close() {
        held = null;
    }

    private synchronized void begin() {
        begun = true;
        if (held != null) {
            held.run();
            held = null;
        }
    }

    private void tell(String phase, int step, int steps) {
        long now = clock.millis();
        if (phase.equals(this.phase) && step < steps && now < nextMillis) {
            return;
        }
        this.phase = phase;
        nextMillis = now + intervalMillis;
        listener.at(phase, step, steps);
    }
}
