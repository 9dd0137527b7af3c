package io.atelier.generator.engine.diffusion;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import org.junit.jupiter.api.AfterAll;

class PocketContractTests extends EngineContract {

    private static final GenerationEngine ENGINE = new TinyModels().pocket();

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
        return PocketRequests.of("a snowman", seed).n(n).size(64, 48).steps(3).request();
    }

    @Override
    protected GenerationRequest slowRequest() {
        return PocketRequests.of("a snowman", 1).n(4).steps(100).request();
    }
}
