package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import java.time.Duration;
import java.time.Instant;

/** The time after which a client should ask again. */
public final class RetryAfter {

    private static final long MAX_SECONDS = 30;
    private static final long FRACTION = 4;

    private RetryAfter() {}

    /**
     * A quarter of the job's age, 1 to 30 s. This does not estimate the end: a client that follows it sees the end at most a quarter of the job's
     * age late, and asks only about a dozen times in two minutes.
     */
    public static Duration byAge(Job job, Instant now) {
        long age = Duration.between(job.createdAt(), now).toSeconds();
        return bounded(age / FRACTION);
    }

    /** The estimated rest of a job, bounded to 1 to 30 s. */
    static Duration until(Duration rest) {
        return bounded(rest.toSeconds());
    }

    private static Duration bounded(long seconds) {
        return Duration.ofSeconds(Math.max(1, Math.min(MAX_SECONDS, seconds)));
    }
}
