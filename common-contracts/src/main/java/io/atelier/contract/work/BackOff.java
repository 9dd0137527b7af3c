package io.atelier.contract.work;

import java.time.Duration;
import java.time.Instant;

/** How long the next attempt at a task is put off: 1, 2, 4, 8, then 10 seconds. */
public final class BackOff {

    /** No attempt is put off for longer. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    private static final int DOUBLINGS = 4;

    private BackOff() {}

    /**
     * How long to wait after an attempt that failed.
     *
     * @param attempt the one that failed, from 1
     */
    public static Duration after(int attempt) {
        return shorter(Duration.ofSeconds(1L << Math.min(attempt - 1, DOUBLINGS)), LONGEST);
    }

    /**
     * How long to wait yet. The moment was named by the clock of whoever reported the failure; if that was ahead, or this one was set back
     * since, it may be hours away, and is no reason to wait longer than {@link #LONGEST}.
     *
     * @param notBefore the moment at which the attempt may begin
     * @param now by the clock of whoever waits
     * @return zero if it may begin
     */
    public static Duration left(Instant notBefore, Instant now) {
        return now.isBefore(notBefore) ? shorter(Duration.between(now, notBefore), LONGEST) : Duration.ZERO;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
