package io.atelier.generator.engine;

import io.atelier.worker.cancellation.Cancellation;

/**
 * One run of an engine: who it is for, where to tell progress, when to stop.
 *
 * @param jobId the job's id, as text
 * @param attempt which attempt at the task this is, from 1
 * @param progress may be told from any one thread; cheap, never blocks
 * @param cancellation asks the run to stop soon: within one denoising step
 */
public record GenerationRun(String jobId, int attempt, ProgressListener progress, Cancellation cancellation) {

    /** Hears how far a run is. */
    @FunctionalInterface
    public interface ProgressListener {
        /**
         * The run has come this far.
         *
         * @param phase such as {@code encode}, {@code denoise}, {@code upscale}
         * @param step how many steps are done
         * @param steps of how many
         */
        void at(String phase, int step, int steps);
    }
}
