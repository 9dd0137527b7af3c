package io.atelier.generator.engine.pocket;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request within the limits of this model; parameters that the client left open have this model's defaults.
 *
 * @param negative the negative prompt; null if there is none
 * @param images how many images
 * @param size of the finished images
 * @param steps of the denoiser, 1 to 100
 * @param guidance scale of the classifier-free guidance, 0 to 30; see {@link ClassifierFreeGuidance}
 * @param seed of the first image; image i has {@code seed + i}
 * @param personal whether the prompt is about a person, so that no warning quotes it
 */
record PocketRequest(
        String prompt,
        @Nullable String negative,
        int images,
        ImageSize size,
        int steps,
        double guidance,
        long seed,
        boolean personal) {

    private static final int MAX_SIDE = 4_096;
    private static final int MAX_STEPS = 100;
    private static final double MAX_GUIDANCE = 30;

    PocketRequest {
        if (steps < 1 || steps > MAX_STEPS) {
            throw rejected("pocket takes 1 to %d steps; got %d.".formatted(MAX_STEPS, steps));
        }
        if (!(guidance >= 0 && guidance <= MAX_GUIDANCE)) {
            throw rejected("pocket takes a guidance scale of 0 to %s; got %s.".formatted(MAX_GUIDANCE, guidance));
        }
        if (size.width() > MAX_SIDE || size.height() > MAX_SIDE) {
            throw rejected("pocket generates at most %1$d x %1$d pixels; got %2$s.".formatted(MAX_SIDE, size));
        }
    }

    static PocketRequest of(GenerationRequest request) {
        String negative = request.negativePrompt();
        return new PocketRequest(
                request.prompt(),
                negative == null || negative.isBlank() ? null : negative,
                request.n(),
                request.size(),
                Objects.requireNonNullElse(request.steps(), 25),
                Objects.requireNonNullElse(request.guidanceScale(), 2.5),
                request.seed(),
                request.avatar() != null);
    }

    private static GenerationFailed rejected(String message) {
        return new GenerationFailed(new Failure(Failure.Code.REQUEST_REJECTED, message));
    }
}
