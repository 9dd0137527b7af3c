package io.atelier.generator.engine.huggingface;

import static io.atelier.generator.provider.ProviderStub.answer;
import static io.atelier.generator.provider.ProviderStub.silence;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.Requested;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.ProviderStub;
import io.atelier.generator.provider.SampleImages;
import io.atelier.generator.provider.SampleSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterAll;
import tools.jackson.databind.json.JsonMapper;

class HuggingFaceContractTests extends EngineContract {

    private static final JsonMapper JSON = new JsonMapper();
    private static final ProviderStub PROVIDER = new ProviderStub().always(HuggingFaceContractTests::generate);
    private static final GenerationEngine ENGINE = HuggingFaceEngine.of(
            SampleSettings.bound(HuggingFaceSettings.class, "url", PROVIDER.url("/"), "token", "t0k"),
            new ProviderClients(new SimpleMeterRegistry()));

    @AfterAll
    static void close() {
        ENGINE.close();
        PROVIDER.close();
    }

    @Override
    protected long imageRequests() {
        return PROVIDER.calls().size();
    }

    @Override
    protected void failNextImageRequest() {
        PROVIDER.then(ProviderStub.status(502));
    }

    @Override
    protected GenerationEngine engine() {
        return ENGINE;
    }

    @Override
    protected GenerationRequest request(int n, long seed) {
        return requested("a cat").images(n).seeded(seed).request();
    }

    @Override
    protected GenerationRequest slowRequest() {
        return requested("a slow cat").request();
    }

    private static Requested requested(String prompt) {
        return Requested.of(prompt).sized(64, 48).from("black-forest-labs/FLUX.1-schnell");
    }

    /** Generates an image that depends on size and seed. */
    private static MockResponse generate(ProviderStub.Call call) {
        var body = JSON.readTree(call.text());
        if (body.path("inputs").stringValue().contains("slow")) {
            return silence();
        }
        var parameters = body.path("parameters");
        var png = SampleImages.png(
                parameters.path("width").intValue(),
                parameters.path("height").intValue(),
                parameters.path("seed").longValue());
        return answer(200, "image/png", png);
    }
}
