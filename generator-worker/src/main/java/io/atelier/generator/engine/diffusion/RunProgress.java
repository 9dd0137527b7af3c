package io.atelier.generator.engine.diffusion;

import io.atelier.contract.work.TaskProgress;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.GenerationRun.PreviewListener;
import io.atelier.generator.engine.GenerationRun.ProgressListener;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionListener;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentColours;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import java.util.Optional;

/** Reports the progress of all batches of a request as one: steps and images are counted over all of them. Makes previews of the images in turn. */
final class RunProgress {

    private final ProgressListener listener;
    private final PreviewListener previews;
    private final Optional<LatentColours> colours;
    private final String lastPhase;
    private final int images;
    private int previewsMade;

    /** @param images of the request */
    RunProgress(GenerationRun run, ModelTraits traits, int images) {
        this.listener = run.progress();
        this.previews = run.previews();
        this.colours = traits.colours();
        this.lastPhase = traits.lastPhase();
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
                    listener.at(TaskProgress.ENCODE, 1, 1);
                }
            }

            @Override
            public boolean wantsPrediction() {
                return colours.isPresent() && previews.isWanted();
            }

            @Override
            public void predicted(int step, int steps, float[] latents, LatentShape shape) {
                int image = previewsMade++ % ofBatch;
                colours.ifPresent(
                        known -> previews.accept(first + image, step, steps, known.render(latents, image, shape)));
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
