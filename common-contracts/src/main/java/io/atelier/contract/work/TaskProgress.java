package io.atelier.contract.work;

import io.atelier.contract.job.JobId;
import java.time.Instant;

/**
 * How far a running task is. For display only: it may be lost, late or doubled.
 *
 * @param phase what is going on, such as {@code denoise}; an open set
 * @param step how many steps are done, 0 to {@code steps}
 */
public record TaskProgress(JobId job, String task, int attempt, Instant at, String phase, int step, int steps) {

    /** 0 to 1. */
    public double fraction() {
        return steps == 0 ? 0 : Math.min(1.0, (double) step / steps);
    }
}
