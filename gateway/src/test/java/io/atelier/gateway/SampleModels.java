package io.atelier.gateway;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelOptions;
import io.atelier.gateway.view.models.ModelSizes;
import java.time.Instant;
import java.util.List;

/** Models of the catalogue. */
public final class SampleModels {

    private SampleModels() {}

    /** A model of the engine {@code pocket} that cannot edit images. */
    public static Model pocket() {
        return new Model(
                "pocket",
                true,
                "pocket",
                "default",
                Instant.parse("2026-11-21T10:00:00Z"),
                "atelier",
                "A model.",
                "Apache-2.0",
                List.of(),
                ModelSizes.between(64, 1024, 8, new ImageSize(512, 512)),
                null,
                1,
                0,
                false,
                false,
                ModelOptions.NONE,
                new Model.Steps(1, 100, 25),
                new Model.Guidance(0, 30, 2.5),
                false,
                null,
                List.of());
    }
}
