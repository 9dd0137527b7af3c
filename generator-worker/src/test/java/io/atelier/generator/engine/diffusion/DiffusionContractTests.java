package io.atelier.generator.engine.diffusion;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import org.junit.jupiter.api.AfterAll;

class DiffusionContractTests extends EngineContract {

    private static final TinyModels MODELS = new TinyModels();
    private static final LocalEngine ENGINE = MODELS.engine("sdxl");

    @AfterAll
    static void free() {
        ENGINE.close();
    }

    @Override
    protected GenerationEngine engine() {
        return ENGINE;
    }

    @Override
    protected GenerationRequest request(int n, long seed) {
        return TinyModels.request("sdxl", "a snowman", seed)
                .n(n)
                .size(new ImageSize(64, 96))
                .steps(3)
                .build();
    }

    @Override
    protected GenerationRequest slowRequest() {
        return TinyModels.request("sdxl", "a snowman", 1)
                .n(4)
                .size(new ImageSize(512, 512))
                .steps(150)
                .build();
    }
}
