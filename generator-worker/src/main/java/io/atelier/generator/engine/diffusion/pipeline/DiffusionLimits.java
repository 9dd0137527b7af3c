package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.generator.engine.diffusion.pipeline.model.SamplingDefaults;
import java.util.List;

/**
 * What a model takes. A request beyond that fails at once, with a message that says what is allowed.
 *
 * @param maxClipSkip the largest number of layers of CLIP that can be left out
 */
record DiffusionLimits(PipelineDescription model, int maxClipSkip) {

    private static final int MAX_STEPS = 1_000;
    private static final int MAX_STEPS_OF_POCKET = 100;
    private static final double MAX_GUIDANCE = 100;
    private static final double MAX_GUIDANCE_OF_POCKET = 30;
    private static final int MAX_T5_TOKENS = 512;

    /**
     * Checks a request.
     *
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if the model cannot do it
     */
    void check(DiffusionRequest request) {
        var defaults = model.defaults();
        var size = request.size(defaults);
        model.geometry().problem(size.width(), size.height()).ifPresent(DiffusionLimits::reject);
        checkCount("prompts", request.prompts(), request.images());
        request.negativePrompts().ifPresent(texts -> checkCount("negative prompts", texts, request.images()));
        int steps = request.steps(defaults);
        if (steps < 1 || steps > maxSteps()) {
            reject("This model takes 1 to %d steps; got %d.".formatted(maxSteps(), steps));
        }
        double guidance = request.guidance(defaults);
        if (!(guidance >= 0 && guidance <= maxGuidance())) {
            reject("This model takes a guidance scale of 0 to %s; got %s.".formatted(maxGuidance(), guidance));
        }
        checkEncoding(request, defaults);
        request.initialImage().ifPresent(image -> checkImage(image, size, steps));
    }

    private int maxSteps() {
        return model.family() == PipelineFamily.POCKET ? MAX_STEPS_OF_POCKET : MAX_STEPS;
    }

    private double maxGuidance() {
        return model.family() == PipelineFamily.POCKET ? MAX_GUIDANCE_OF_POCKET : MAX_GUIDANCE;
    }

    private void checkEncoding(DiffusionRequest request, SamplingDefaults defaults) {
        var options = request.encoding(defaults);
        boolean hasT5 = defaults.maxSequenceLength() > 0;
        if (hasT5 && (options.maxSequenceLength() < 1 || options.maxSequenceLength() > MAX_T5_TOKENS)) {
            reject("This model takes a max_sequence_length of 1 to %d; got %d."
                    .formatted(MAX_T5_TOKENS, options.maxSequenceLength()));
        }
        if (options.clipSkip() < 0 || options.clipSkip() > maxClipSkip) {
            reject("This model, as it was exported, takes a clip_skip of 0 to %d; got %d."
                    .formatted(maxClipSkip, options.clipSkip()));
        }
    }

    private void checkImage(InitialImage initial, ImageSize size, int steps) {
        if (!model.imageToImage()) {
            reject("This model cannot start from an image, because it has no vae_encoder. Leave the image out.");
        }
        checkSide("The image", initial.image().getWidth(), initial.image().getHeight(), size);
        double strength = initial.strength();
        if (!(strength > 0 && strength <= 1)) {
            reject("The strength is more than 0 and at most 1; got %s.".formatted(strength));
        }
        if (steps * strength < 1 && model.family() != PipelineFamily.LATENT_CONSISTENCY) {
            reject("With a strength of %s none of %d steps is left. Use at least %d steps."
                    .formatted(strength, steps, (int) Math.ceil(1 / strength)));
        }
        var mask = initial.mask();
        if (mask != null) {
            checkSide("The mask", mask.width(), mask.height(), size);
        }
    }

    private static void checkSide(String what, int width, int height, ImageSize size) {
        if (width != size.width() || height != size.height()) {
            reject("%s must have the size of the result, %s; it has %dx%d.".formatted(what, size, width, height));
        }
    }

    private static void checkCount(String what, List<String> texts, int images) {
        if (images < 1 || (texts.size() != 1 && texts.size() != images)) {
            reject("Give one of the %s, or one for each of %d images; got %d.".formatted(what, images, texts.size()));
        }
    }

    private static void reject(String message) {
        throw new GenerationFailed(new Failure(Failure.Code.REQUEST_REJECTED, message));
    }
}
