package io.atelier.generator.engine;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for engines under test, as the gateway would send them. */
public record Requested(
        String prompt,
        int n,
        ImageSize size,
        long seed,
        @Nullable String negative,
        @Nullable Integer steps,
        @Nullable Double guidance,
        @Nullable String engineModel) {

    /** One image of 512 x 512 pixels with seed 7. */
    public static Requested of(String prompt) {
        return new Requested(prompt, 1, new ImageSize(512, 512), 7, null, null, null, null);
    }

    public Requested images(int number) {
        return new Requested(prompt, number, size, seed, negative, steps, guidance, engineModel);
    }

    public Requested sized(int width, int height) {
        return new Requested(prompt, n, new ImageSize(width, height), seed, negative, steps, guidance, engineModel);
    }

    public Requested seeded(long other) {
        return new Requested(prompt, n, size, other, negative, steps, guidance, engineModel);
    }

    public Requested from(String model) {
        return new Requested(prompt, n, size, seed, negative, steps, guidance, model);
    }

    /** With all parameters that a client can set. */
    public Requested detailed(String negativePrompt, int wantedSteps, double scale) {
        return new Requested(prompt, n, size, seed, negativePrompt, wantedSteps, scale, engineModel);
    }

    public GenerationRequest request() {
        return new GenerationRequest(
                prompt,
                negative,
                "a-model",
                "a-model",
                "an-engine",
                "default",
                n,
                size,
                steps,
                guidance,
                seed,
                null,
                GenerationRequest.Metadata.FULL,
                Map.of(),
                null,
                GenerationRequest.Terms.NONE,
                null,
                new Routing(engineModel, List.of()));
    }
}
