package io.atelier.standalone.client;

import java.time.Duration;

/** Point in time at which a timeout is over, measured with {@link System#nanoTime}. */
public final class Deadline {

    private final Duration timeout;
    private final long end;

    public Deadline(Duration timeout) {
        this.timeout = timeout;
        this.end = System.nanoTime() + timeout.toNanos();
    }

    public boolean passed() {
        return left().isZero();
    }

    /** Sleeps for the given time, but not beyond the deadline. */
    public void pause(Duration time) throws InterruptedException {
        var left = left();
        Thread.sleep((time.compareTo(left) < 0 ? time : left).toMillis() + 1);
    }

    /** The timeout in seconds. */
    public long seconds() {
        return timeout.toSeconds();
    }

    /** The time that is left; zero when it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
