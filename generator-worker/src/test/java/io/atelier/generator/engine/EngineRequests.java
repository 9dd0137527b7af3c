package io.atelier.generator.engine;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Routing;
import java.util.List;
import java.util.Map;
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
        return new GenerationRequest(
                "a \"blue\" cube",
                "red",
                "dream",
                "dream",
                "an-engine",
                "remote",
                n,
                size,
                steps,
                6.5,
                seed,
                null,
                GenerationRequest.Metadata.FULL,
                Map.of(),
                null,
                Terms.NONE,
                null,
                model == null ? null : new Routing(model, List.of()));
    }
}
