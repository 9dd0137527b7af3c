package io.atelier.gateway.view.queue;

import java.util.Locale;

/**
 * When something will be done.
 *
 * @param seconds from now, 0 or more
 */
public record CompletionEstimate(double seconds, Confidence confidence) {

    /** Whole seconds, rounded up: it is better to come late than to ask twice. */
    public long wholeSeconds() {
        return (long) Math.ceil(seconds);
    }

    public String confidenceWord() {
        return confidence.name().toLowerCase(Locale.ROOT);
    }

    /** How far to trust it. */
    public enum Confidence {
        LOW,
        MEDIUM,
        HIGH;

        private static final int FEW = 3;
        private static final int MANY = 10;
        private static final double STEADY = 0.2;
        private static final double WILD = 0.5;

        /** Low if fewer than 3 jobs tell or their times vary by more than half; high if 10 do and vary by less than a fifth. */
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
