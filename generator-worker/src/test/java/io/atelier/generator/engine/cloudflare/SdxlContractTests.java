package io.atelier.generator.engine.cloudflare;

import static io.atelier.generator.provider.ProviderStub.png;
import static io.atelier.generator.provider.ProviderStub.silence;
import static io.atelier.generator.provider.ProviderStub.status;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.Requested;
import org.junit.jupiter.api.AfterAll;

class SdxlContractTests extends EngineContract {

    private static final CloudflareFixtures FIXTURES = new CloudflareFixtures();
    private static final GenerationEngine ENGINE = FIXTURES.sdxl();

    SdxlContractTests() {
        FIXTURES.provider.always(call -> call.text().contains("slow") ? silence() : png(64, 48));
    }

    @AfterAll
    static void close() {
        FIXTURES.close();
    }

    @Override
    protected long imageRequests() {
        return FIXTURES.provider.calls().size();
    }

    @Override
    protected void failNextImageRequest() {
        FIXTURES.provider.then(status(502));
    }

    @Override
    protected GenerationEngine engine() {
        return ENGINE;
    }

    @Override
    protected GenerationRequest request(int n, long seed) {
        return Requested.of("a cat").images(n).seeded(seed).request();
    }

    @Override
    protected GenerationRequest slowRequest() {
        return Requested.of("a slow cat").request();
    }
}
