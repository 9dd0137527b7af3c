package io.atelier.contract.work;

import java.time.Duration;
import java.time.Instant;

/** How long an attempt at a task is put off: the second by 1 second, those after it by 2, 4, 8, then 10 seconds. */
public final class BackOff {

    private static final long LONGEST_SECONDS = 10;
    private static final int DOUBLINGS = 4;

    private BackOff() {}

    /**
     * How long after the failure of the one before it an attempt may begin.
     *
     * @param attempt from 1; the first is not put off
     */
    public static Duration before(int attempt) {
        return attempt <= 1
                ? Duration.ZERO
                : Duration.ofSeconds(Math.min(LONGEST_SECONDS, 1L << Math.min(attempt - 2, DOUBLINGS)));
    }

    /**
     * How long an attempt has to wait yet. Its moment was named by the clock of whoever reported the failure; if that was ahead, or this one
     * was set back since, it may be hours away, and is no reason to wait longer than {@link #before}.
     *
     * @param attempt from 1
     * @param notBefore the moment at which it may begin
     * @param now by the clock of whoever waits
     * @return zero if it may begin
     */
    public static Duration left(int attempt, Instant notBefore, Instant now) {
        var whole = before(attempt);
        var left = Duration.between(now, notBefore);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(whole) < 0 ? left : whole;
    }
}
