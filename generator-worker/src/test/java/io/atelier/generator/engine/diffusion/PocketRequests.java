package io.atelier.generator.engine.diffusion;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.worker.cancellation.Cancellation;
import org.jspecify.annotations.Nullable;

/** PocketRequests for pocket, as the gateway would send them. */
record PocketRequests(
        String prompt,
        @Nullable String negative,
        int n,
        ImageSize size,
        @Nullable Integer steps,
        @Nullable Double guidance,
        long seed) {

    static PocketRequests of(String prompt, long seed) {
        return new PocketRequests(prompt, null, 1, new ImageSize(256, 256), null, null, seed);
    }

    PocketRequests n(int images) {
        return new PocketRequests(prompt, negative, images, size, steps, guidance, seed);
    }

    PocketRequests size(int width, int height) {
        return new PocketRequests(prompt, negative, n, new ImageSize(width, height), steps, guidance, seed);
    }

    PocketRequests steps(int number) {
        return new PocketRequests(prompt, negative, n, size, number, guidance, seed);
    }

    PocketRequests guidance(double scale) {
        return new PocketRequests(prompt, negative, n, size, steps, scale, seed);
    }

    PocketRequests negative(String text) {
        return new PocketRequests(prompt, text, n, size, steps, guidance, seed);
    }

    GenerationRequest request() {
        return GenerationRequest.builder()
                .prompt(prompt)
                .negativePrompt(negative)
                .model("pocket")
                .requestedModel("pocket")
                .engine("pocket")
                .pool("default")
                .n(n)
                .size(size)
                .steps(steps)
                .guidanceScale(guidance)
                .seed(seed)
                .metadata(GenerationRequest.Metadata.FULL)
                .build();
    }

    static GenerationRun run() {
        return run((phase, step, steps) -> {}, new Cancellation());
    }

    static GenerationRun run(GenerationRun.ProgressListener progress, Cancellation cancellation) {
        return new GenerationRun("gen_test", 1, progress, cancellation);
    }
}
