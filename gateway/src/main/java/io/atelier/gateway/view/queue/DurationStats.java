package io.atelier.gateway.view.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Mean and variance of the recent durations of each model's jobs, exponentially weighted: each new job has a weight of a fifth, and the
 * first few have equal weights. Not thread-safe.
 */
final class DurationStats {

    private static final double WEIGHT = 0.2;

    private final Map<String, Observed> models = new HashMap<>();

    /**
     * Counts a job that has ended. One that was not known as open and did not end after the last one that was counted is left out, because it
     * was counted before.
     */
    void count(String model, Instant started, Instant completed, boolean wasOpen) {
        double seconds = Duration.between(started, completed).toMillis() / 1000.0;
        var known = models.get(model);
        if (seconds >= 0 && (known == null || wasOpen || completed.isAfter(known.last()))) {
            models.put(model, known == null ? new Observed(seconds, 0, 1, completed) : known.and(seconds, completed));
        }
    }

    /** The expected duration of the next job of a model; empty if none was counted. */
    Optional<Expected> of(String model) {
        return Optional.ofNullable(models.get(model))
                .map(known -> new Expected(known.mean(), Math.sqrt(known.variance()), known.seen()));
    }

    /**
     * The expected duration of a job.
     *
     * @param seconds from the start of its first attempt to the end of the job
     * @param deviation the standard deviation in seconds
     * @param seen the number of jobs that were counted
     */
    record Expected(double seconds, double deviation, int seen) {}

    private record Observed(double mean, double variance, int seen, Instant last) {

        Observed and(double seconds, Instant completed) {
            double weight = Math.max(WEIGHT, 1.0 / (seen + 1));
            double difference = seconds - mean;
            return new Observed(
                    mean + weight * difference,
                    (1 - weight) * (variance + weight * difference * difference),
                    seen + 1,
                    completed.isAfter(last) ? completed : last);
        }
    }
}
