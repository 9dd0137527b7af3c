package io.atelier.gateway.view.queue;

import java.util.Locale;

/**
 * An estimate of when a job will start or end.
 *
 * @param seconds from now, 0 or more
 */
public record CompletionEstimate(double seconds, Confidence confidence) {

    /** Whole seconds, rounded up, so that a client that waits for so long need not ask twice. */
    public long wholeSeconds() {
        return (long) Math.ceil(seconds);
    }

    CompletionEstimate withConfidence(Confidence other) {
        return new CompletionEstimate(seconds, other);
    }

    /** The confidence in JSON. */
    public String confidenceWord() {
        return confidence.name().toLowerCase(Locale.ROOT);
    }

    /** How reliable an estimate is. */
    public enum Confidence {
        LOW,
        MEDIUM,
        HIGH;

        private static final int FEW = 3;
        private static final int MANY = 10;
        private static final double STEADY = 0.2;
        private static final double WILD = 0.5;

        /** Low if fewer than 3 jobs were seen or their durations deviate by more than half; high if at least 10 were seen and deviate by at most a fifth. */
        static Confidence in(DurationStats.Expected expected) {
            double spread = expected.seconds() > 0 ? expected.deviation() / expected.seconds() : 0;
            if (expected.seen() < FEW || spread > WILD) {
                return LOW;
            }
            return expected.seen() >= MANY && spread <= STEADY ? HIGH : MEDIUM;
        }

        Confidence and(Confidence other) {
            return compareTo(other) < 0 ? this : other;
        }
    }
}
