package io.atelier.standalone.draw;

import java.time.Duration;

/** A moment that is not waited past. */
final class WaitDeadline {

    private final Duration whole;
    private final long end;

    WaitDeadline(Duration whole) {
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    boolean passed() {
        return left().isZero();
    }

    /** Waits that long, or until the deadline if that is sooner; gives up when the thread is interrupted. */
    void pause(Duration time) throws InterruptedException {
        var left = left();
        Thread.sleep((time.compareTo(left) < 0 ? time : left).toMillis() + 1);
    }

    long seconds() {
        return whole.toSeconds();
    }

    private Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
