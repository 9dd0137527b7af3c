package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Terms;
import io.atelier.contract.job.Routing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests, as the gateway would send them. */
record Orders(
        int n,
        long seed,
        int steps,
        ImageSize size,
        @Nullable String checkpoint) {

    static Orders of(int n, long seed) {
        return new Orders(n, seed, 4, new ImageSize(64, 48), null);
    }

    Orders steps(int number) {
        return new Orders(n, seed, number, size, checkpoint);
    }

    Orders size(int width, int height) {
        return new Orders(n, seed, steps, new ImageSize(width, height), checkpoint);
    }

    Orders checkpoint(String name) {
        return new Orders(n, seed, steps, size, name);
    }

    GenerationRequest request() {
        return new GenerationRequest(
                "a \"blue\" cube",
                "red",
                "dream",
                "dream",
                "automatic1111",
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
                checkpoint == null ? null : new Routing(checkpoint, List.of()));
    }
}
