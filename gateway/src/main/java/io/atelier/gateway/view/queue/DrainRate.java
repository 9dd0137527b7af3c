package io.atelier.gateway.view.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * How fast workers take jobs from the queue of a pool: the mean time between two jobs, exponentially weighted with a time constant of two minutes, of
 * the time in which jobs waited. Not thread-safe.
 */
final class DrainRate {

    private static final double TIME_CONSTANT = 120;
    private static final int FEW = 10;

    private double jobs;
    private double seconds;
    private int seen;
    private int waiting;

    /** The last departure. */
    private Instant since = Instant.EPOCH;

    /** Whether jobs have waited since then: only then does the next departure say how fast workers are. */
    private boolean measuring;

    /** A job has come to the queue. */
    void arrived() {
        waiting++;
    }

    /** A worker has taken a job from the queue. */
    void departed(Instant now) {
        if (measuring) {
            double passed = passed(now);
            double kept = Math.exp(-passed / TIME_CONSTANT);
            jobs = jobs * kept + 1;
            seconds = seconds * kept + passed;
            seen++;
        }
        since = now;
        waiting--;
        measuring = waiting > 0;
    }

    /** A job has left the queue in another way, such as a cancellation. */
    void dropped() {
        waiting--;
        measuring = measuring && waiting > 0;
    }

    /**
     * The expected seconds between two departures. It rises while none comes although jobs wait. Empty if fewer than ten jobs have been taken while
     * others waited, and if none waits.
     */
    OptionalDouble interval(Instant now) {
        if (seen < FEW || waiting == 0) {
            return OptionalDouble.empty();
        }
        double passed = measuring ? passed(now) : 0;
        double kept = Math.exp(-passed / TIME_CONSTANT);
        return OptionalDouble.of((seconds * kept + passed) / Math.max(1, jobs * kept));
    }

    private double passed(Instant now) {
        return Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
    }
}
