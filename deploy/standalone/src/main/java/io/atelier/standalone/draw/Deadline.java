package io.atelier.standalone.draw;

import java.time.Duration;

/** Point in time at which a timeout is over, measured with {@link System#nanoTime}. */
final class Deadline {

    private final Duration timeout;
    private final long end;

    Deadline(Duration timeout) {
        this.timeout = timeout;
        this.end = System.nanoTime() + timeout.toNanos();
    }

    boolean passed() {
        return left().isZero();
    }

    /** Sleeps for the given time, but not beyond the deadline. */
    void pause(Duration time) throws InterruptedException {
        var left = left();
        Thread.sleep((time.compareTo(left) < 0 ? time : left).toMillis() + 1);
    }

    /** The timeout in seconds. */
    long seconds() {
        return timeout.toSeconds();
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
