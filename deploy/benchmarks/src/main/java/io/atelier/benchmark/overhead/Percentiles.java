package io.atelier.benchmark.overhead;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * How a set of times is spread, by the nearest rank: p99 is the least time that at least 99 of 100 do not exceed.
 *
 * @param count how many times there were, from 1
 */
record Percentiles(int count, Duration p50, Duration p90, Duration p99, Duration max) {

    /** @throws IllegalArgumentException if there are none */
    static Percentiles of(Collection<Duration> times) {
        if (times.isEmpty()) {
            throw new IllegalArgumentException("No times to rank");
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
