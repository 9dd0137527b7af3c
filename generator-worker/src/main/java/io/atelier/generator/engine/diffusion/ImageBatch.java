package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.diffusion.pipeline.DiffusionRequest;
import io.atelier.generator.engine.diffusion.pipeline.InitialImage;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Images of a request that are made in one run, so that each step is one evaluation for all of them.
 *
 * @param first index of the first image in the request
 * @param images number of images
 */
record ImageBatch(GenerationRequest of, SchedulerConfig config, int first, int images) {

    /**
     * The batches of a request, in order.
     *
     * @param config the scheduler of the run
     * @param largest the most images of a batch, at least 1
     */
    static List<ImageBatch> of(GenerationRequest request, SchedulerConfig config, int largest) {
        var batches = new ArrayList<ImageBatch>();
        for (int first = 0; first < request.n(); first += largest) {
            batches.add(new ImageBatch(request, config, first, Math.min(largest, request.n() - first)));
        }
        return batches;
    }

    /** The name of the scheduler that is used. */
    String scheduler() {
        return config.kind().requestName();
    }

    /** @param initial the image to start from; null for none */
    DiffusionRequest request(@Nullable InitialImage initial) {
        var seeds =
                LongStream.range(0, images).mapToObj(i -> of.seed() + first + i).toList();
        var negative = of.negativePrompt();
        return DiffusionRequest.of(List.of(of.prompt()), seeds)
                .negativePrompt(negative == null || negative.isBlank() ? null : negative)
                .size(of.size().width(), of.size().height())
                .steps(of.steps())
                .guidance(of.guidanceScale())
                .scheduler(config)
                .initialImage(initial)
                // The prompt of an avatar is personal.
                .mayQuote(of.avatar() == null)
                .build();
    }
}
