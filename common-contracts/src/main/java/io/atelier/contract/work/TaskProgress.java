package io.atelier.contract.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.JobId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a running task. For display only: a record may be lost, late or duplicated.
 *
 * @param task name of the task within its job
 * @param attempt number of the attempt, from 1
 * @param at when the worker measured the progress
 * @param phase current phase, such as {@code denoise}; more values may be added
 * @param step number of completed steps, 0 to {@code steps}
 * @param steps number of steps of the phase; may be 0
 * @param etaSeconds the estimated seconds until the phase ends; null if there is nothing to estimate it from
 */
public record TaskProgress(
        JobId job,
        String task,
        int attempt,
        Instant at,
        String phase,
        int step,
        int steps,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long etaSeconds) {

    /** The phase in which a worker loads the model of the task. */
    public static final String LOAD = "load";

    /** A progress whose end is not estimated. */
    public TaskProgress(JobId job, String task, int attempt, Instant at, String phase, int step, int steps) {
        this(job, task, attempt, at, phase, step, steps, null);
    }

    /** Whether the worker is loading the model of the task. */
    public boolean loadsModel() {
        return phase.equals(LOAD) && step < steps;
    }

    /** The completed part of the phase, 0 to 1. */
    public double fraction() {
        return steps == 0 ? 0 : Math.min(1.0, (double) step / steps);
    }
}
