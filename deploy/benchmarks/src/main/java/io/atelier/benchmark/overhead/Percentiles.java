package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Percentiles of a set of times by the nearest-rank method: p99 is the smallest time that at least 99 of 100 do not exceed.
 *
 * @param count the number of times, at least 1
 */
record Percentiles(int count, Duration p50, Duration p90, Duration p99, Duration max) {

    /** @throws IllegalArgumentException if there are no times */
    static Percentiles of(Collection<Duration> times) {
        if (times.isEmpty()) {
            throw new IllegalArgumentException("No times given");
        }
        var sorted = times.stream().sorted().toList();
        return new Percentiles(
                sorted.size(),
                ranked(sorted, 50),
                ranked(sorted, 90),
                ranked(sorted, 99),
                sorted.get(sorted.size() - 1));
    }

    private static Duration ranked(List<Duration> sorted, int percent) {
        int rank = (sorted.size() * percent + 99) / 100;
        return sorted.get(rank - 1);
    }
}
