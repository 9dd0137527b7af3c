package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import java.time.Duration;
import java.time.Instant;

/** How long to tell a client to wait before it asks again. */
public final class RetryAfter {

    private static final long LONGEST = 30;
    private static final long PARTS = 4;

    private RetryAfter() {}

    /**
     * A quarter of the job's age, 1 to 30 s. It is no guess at the end: who asks so sees the end at most a quarter late, and asks only
     * about a dozen times in two minutes.
     */
    public static Duration with(Job job, Instant now) {
        long age = Duration.between(job.createdAt(), now).toSeconds();
        return bounded(age / PARTS);
    }

    /** As long as it takes, 1 to 30 s. */
    static Duration until(Duration end) {
        return bounded(end.toSeconds());
    }

    private static Duration bounded(long seconds) {
        return Duration.ofSeconds(Math.max(1, Math.min(LONGEST, seconds)));
    }
}
