package io.atelier.generator.engine.pocket;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to draw: a request within this model's limits, its gaps filled with this model's own numbers.
 *
 * @param negative what not to draw; null for nothing in particular
 * @param guidance how much further than the plain prediction to go towards the prompt; 1 for the plain prediction
 * @param seed of the first picture; each further one has one more
 */
record PocketRequest(
        String prompt, @Nullable String negative, int images, ImageSize size, int steps, double guidance, long seed) {

    private static final int MAX_SIDE = 4_096;
    private static final int MAX_STEPS = 100;
    private static final double MAX_GUIDANCE = 30;

    PocketRequest {
        if (steps < 1 || steps > MAX_STEPS) {
            throw rejected("pocket draws in 1 to %d steps; got %d.".formatted(MAX_STEPS, steps));
        }
        if (!(guidance >= 0 && guidance <= MAX_GUIDANCE)) {
            throw rejected("pocket takes a guidance scale of 0 to %s; got %s.".formatted(MAX_GUIDANCE, guidance));
        }
        if (size.width() > MAX_SIDE || size.height() > MAX_SIDE) {
            throw rejected("pocket draws at most %1$d x %1$d pixels; got %2$s.".formatted(MAX_SIDE, size));
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
                request.seed());
    }

    private static GenerationFailed rejected(String message) {
        return new GenerationFailed(new Failure(Failure.Code.REQUEST_REJECTED, message));
    }
}
