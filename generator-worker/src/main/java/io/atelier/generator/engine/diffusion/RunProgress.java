package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.GenerationRun.ProgressListener;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionListener;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;

/** Reports the progress of all batches of a request as one: steps and images are counted over all of them. */
final class RunProgress {

    private final ProgressListener listener;
    private final String lastPhase;
    private final int images;

    /**
     * @param lastPhase the phase in which images are finished
     * @param images of the request
     */
    RunProgress(ProgressListener listener, String lastPhase, int images) {
        this.listener = listener;
        this.lastPhase = lastPhase;
        this.images = images;
    }

    /**
     * The listener of a batch. If there are several, only steps are reported, so that phases never come back.
     *
     * @param first index of its first image
     */
    DiffusionListener ofBatch(int first, int ofBatch) {
        boolean isWhole = ofBatch == images;
        return new DiffusionListener() {

            @Override
            public void encoded() {
                if (first == 0) {
                    listener.at("encode", 1, 1);
                }
            }

            @Override
            public void denoised(int step, int steps, float[] latents, LatentShape shape) {
                if (isWhole) {
                    listener.at("denoise", step, steps);
                } else {
                    listener.at("denoise", first * steps + step * ofBatch, images * steps);
                }
            }

            @Override
            public void decoded(int image, int ofImages) {
                if (isWhole) {
                    listener.at(lastPhase, image, images);
                }
            }
        };
    }
}
