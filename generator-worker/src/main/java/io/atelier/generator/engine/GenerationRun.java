package io.atelier.generator.engine;

import io.atelier.contract.work.TaskProgress;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/**
 * One run of an engine: its job, the listener for progress, the cancellation, and the listeners for provider calls and for previews.
 *
 * @param jobId the id of the job, as text
 * @param attempt number of the attempt at the task, from 1
 * @param progress may be called from any thread, but by one at a time; returns quickly and never blocks
 * @param cancellation ends the run, within one denoising step
 * @param providerCallListener receives each call of a provider and what it used
 * @param previews receives previews of unfinished images, from engines that can make them
 */
public record GenerationRun(
        String jobId,
        int attempt,
        ProgressListener progress,
        Cancellation cancellation,
        ProviderCallListener providerCallListener,
        PreviewListener previews) {

    /** A run whose provider calls are not counted. */
    public GenerationRun(String jobId, int attempt, ProgressListener progress, Cancellation cancellation) {
        this(jobId, attempt, progress, cancellation, () -> {});
    }

    /** A run without previews. */
    public GenerationRun(
            String jobId,
            int attempt,
            ProgressListener progress,
            Cancellation cancellation,
            ProviderCallListener providerCallListener) {
        this(jobId, attempt, progress, cancellation, providerCallListener, PreviewListener.NONE);
    }

    /** The same run for calls with a cancellation of their own, and without progress reports and previews. */
    public GenerationRun withoutProgress(Cancellation callCancellation) {
        return new GenerationRun(jobId, attempt, (phase, step, steps) -> {}, callCancellation, providerCallListener);
    }

    /** Receives the progress of a run. */
    @FunctionalInterface
    public interface ProgressListener {
        /**
         * Called when a step is done.
         *
         * @param phase such as {@code encode}, {@code denoise}, {@code upscale}
         * @param step number of finished steps
         * @param steps number of steps of the phase
         */
        void at(String phase, int step, int steps);

        /**
         * Called while the model is being loaded.
         *
         * @param percent the estimated part that is in memory, 0 to 100
         * @param etaSeconds the estimated seconds until it is loaded; null if there is nothing to estimate it from
         */
        default void loading(int percent, @Nullable Long etaSeconds) {
            at(TaskProgress.LOAD, percent, 100);
        }
    }

    /** Receives previews of the unfinished images of a run. Called by one thread at a time; returns quickly and never blocks. */
    public interface PreviewListener {

        /** Wants no previews. */
        PreviewListener NONE = new PreviewListener() {

            @Override
            public boolean isWanted() {
                return false;
            }

            @Override
            public void accept(int image, int step, int steps, BufferedImage pixels) {}
        };

        /** Whether to make a preview now. Asked at each step; without it, an engine does no work for previews. */
        boolean isWanted();

        /**
         * Takes a preview.
         *
         * @param image index of the image within the request, from 0
         * @param step number of steps after which the image is so, 1 to {@code steps}
         * @param steps number of steps of the image
         * @param pixels a small RGB image
         */
        void accept(int image, int step, int steps, BufferedImage pixels);
    }
}
