package io.atelier.generator;

import io.atelier.generator.engine.GenerationRun.ProgressListener;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Lets the first and the last step of each phase through, and of the others one for each interval: what people can see, without a record
 * for each step of a fast engine. For one thread.
 */
final class ThrottledProgress implements ProgressListener {

    private final ProgressListener listener;
    private final InstantSource clock;
    private final long intervalMillis;
    private String phase = "";
    private long nextMillis;

    ThrottledProgress(ProgressListener listener, InstantSource clock, Duration interval) {
        this.listener = listener;
        this.clock = clock;
        this.intervalMillis = interval.toMillis();
    }

    @Override
    public void at(String phase, int step, int steps) {
        long now = clock.millis();
        if (phase.equals(this.phase) && step < steps && now < nextMillis) {
            return;
        }
        this.phase = phase;
        nextMillis = now + intervalMillis;
        listener.at(phase, step, steps);
    }
}
