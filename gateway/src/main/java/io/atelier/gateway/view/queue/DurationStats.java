package io.atelier.gateway.view.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long the jobs of each model took lately: means and variances in which each new job counts for a fifth (exponentially weighted; the
 * first few count alike). Not thread-safe.
 */
final class DurationStats {

    private static final double WEIGHT = 0.2;

    private final Map<String, Observed> models = new HashMap<>();

    /** Counts a job, unless it is over for longer than the last one that was counted and was not expected either. */
    void count(String model, Instant started, Instant completed, boolean expected) {
        double seconds = Duration.between(started, completed).toMillis() / 1000.0;
        var known = models.get(model);
        if (seconds >= 0 && (known == null || expected || completed.isAfter(known.last()))) {
            models.put(model, known == null ? new Observed(seconds, 0, 1, completed) : known.and(seconds, completed));
        }
    }

    /** What to expect of the next job of a model; empty if none was seen. */
    Optional<Expected> of(String model) {
        return Optional.ofNullable(models.get(model))
                .map(known -> new Expected(known.mean(), Math.sqrt(known.variance()), known.seen()));
    }

    /**
     * What a job will take.
     *
     * @param seconds from when a worker begins until the job is done
     * @param deviation by how many seconds that varies
     * @param seen how many jobs tell so
     */
    record Expected(double seconds, double deviation, int seen) {}

    private record Observed(double mean, double variance, int seen, Instant last) {

        Observed and(double seconds, Instant completed) {
            double weight = Math.max(WEIGHT, 1.0 / (seen + 1));
            double off = seconds - mean;
            return new Observed(
                    mean + weight * off,
                    (1 - weight) * (variance + weight * off * off),
                    seen + 1,
                    completed.isAfter(last) ? completed : last);
        }
    }
}
