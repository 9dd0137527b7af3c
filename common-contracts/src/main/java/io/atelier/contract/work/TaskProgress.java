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
 * @param preview the newest preview of the attempt in the store; null if there is none. A progress is repeated with it when it is stored
 */
public record TaskProgress(
        JobId job,
        String task,
        int attempt,
        Instant at,
        String phase,
        int step,
        int steps,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long etaSeconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Preview preview) {

    /** The phase in which a worker loads the model of the task. */
    public static final String LOAD = "load";

    /** The short phase before the first step of an image, in which a worker encodes the prompt. */
    public static final String ENCODE = "encode";

    /** A progress whose end is not estimated. */
    public TaskProgress(JobId job, String task, int attempt, Instant at, String phase, int step, int steps) {
        this(job, task, attempt, at, phase, step, steps, null);
    }

    /** A progress without a preview. */
    public TaskProgress(
            JobId job,
            String task,
            int attempt,
            Instant at,
            String phase,
            int step,
            int steps,
            @Nullable Long etaSeconds) {
        this(job, task, attempt, at, phase, step, steps, etaSeconds, null);
    }

    /** The same progress with another preview, or without one. */
    public TaskProgress withPreview(@Nullable Preview other) {
        return new TaskProgress(job, task, attempt, at, phase, step, steps, etaSeconds, other);
    }

    /** Whether the worker is loading the model of the task. */
    public boolean loadsModel() {
        return phase.equals(LOAD) && step < steps;
    }

    /** The completed part of the phase, 0 to 1; 0 for {@link #ENCODE}, after which no step of the images is done yet. */
    public double fraction() {
        return steps == 0 || phase.equals(ENCODE) ? 0 : Math.min(1.0, (double) step / steps);
    }

    /**
     * A preview of an unfinished image. Its file is in the store, see {@link io.atelier.contract.job.JobFolder#preview}, until the next one is stored
     * or the attempt ends.
     *
     * @param number of the preview within the attempt, from 1
     * @param image index of the image within the task, from 0
     * @param step number of steps after which the image was so, 1 to {@code steps}
     * @param steps number of steps of the image
     * @param width of the file in pixels
     * @param height of the file in pixels
     * @param bytes of the file, at most {@link #MAX_BYTES}
     */
    public record Preview(int number, int image, int step, int steps, int width, int height, int bytes) {

        /** The type of the files. */
        public static final String MEDIA_TYPE = "image/jpeg";

        /** The largest file in bytes. */
        public static final int MAX_BYTES = 64_000;
    }
}
