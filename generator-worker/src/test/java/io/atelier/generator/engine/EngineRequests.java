package io.atelier.generator.engine;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Routing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Small requests for engines on the operator's own servers, as the gateway would send them. */
public record EngineRequests(
        int n,
        long seed,
        @Nullable Integer steps,
        ImageSize size,
        @Nullable String model) {

    public static EngineRequests of(int n, long seed) {
        return new EngineRequests(n, seed, 4, new ImageSize(64, 48), null);
    }

    public EngineRequests steps(@Nullable Integer number) {
        return new EngineRequests(n, seed, number, size, model);
    }

    public EngineRequests size(int width, int height) {
        return new EngineRequests(n, seed, steps, new ImageSize(width, height), model);
    }

    public EngineRequests model(String name) {
        return new EngineRequests(n, seed, steps, size, name);
    }

    public GenerationRequest request() {
        return GenerationRequest.builder()
                .prompt("a \"blue\" cube")
                .negativePrompt("red")
                .model("dream")
                .requestedModel("dream")
                .engine("an-engine")
                .pool("remote")
                .n(n)
                .size(size)
                .steps(steps)
                .guidanceScale(6.5)
                .seed(seed)
                .metadata(GenerationRequest.Metadata.FULL)
                .routing(model == null ? null : new Routing(model, List.of()))
                .build();
    }
}
