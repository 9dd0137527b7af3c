package io.atelier.contract.work;

import java.time.Duration;
import java.time.Instant;

/** The back-off between attempts at a task: 1 second before the second attempt, then 2, 4, 8, and 10 seconds before all later ones. */
public final class BackOff {

    private static final long MAX_SECONDS = 10;
    private static final int MAX_DOUBLINGS = 4;

    private BackOff() {}

    /**
     * The time between the failure of an attempt and the start of the next one.
     *
     * @param attempt number of the attempt to start, from 1
     * @return zero for the first attempt
     */
    public static Duration before(int attempt) {
        return attempt <= 1
                ? Duration.ZERO
                : Duration.ofSeconds(Math.min(MAX_SECONDS, 1L << Math.min(attempt - 2, MAX_DOUBLINGS)));
    }

    /**
     * The remaining time until an attempt may start, at most {@link #before}. The limit matters because {@code notBefore} was computed with
     * the clock of another machine: if that clock is ahead, or the local one was set back since, the difference can be hours.
     *
     * @param attempt number of the attempt to start, from 1
     * @param notBefore earliest start of the attempt
     * @param now time of the local clock
     * @return zero if the attempt may start
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
