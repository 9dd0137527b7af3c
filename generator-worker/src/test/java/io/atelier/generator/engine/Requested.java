package io.atelier.generator.engine;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import java.util.List;
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
        return GenerationRequest.builder()
                .prompt(prompt)
                .negativePrompt(negative)
                .model("a-model")
                .requestedModel("a-model")
                .engine("an-engine")
                .pool("default")
                .n(n)
                .size(size)
                .steps(steps)
                .guidanceScale(guidance)
                .seed(seed)
                .metadata(GenerationRequest.Metadata.FULL)
                .routing(new Routing(engineModel, List.of()))
                .build();
    }
}
