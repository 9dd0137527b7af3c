package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SampleSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;

class ComfyUiContractTests extends EngineContract {

    private final FakeComfyUi server = new FakeComfyUi();
    private final ComfyUiEngine engine = new ComfyUiEngine(
            "comfyui",
            SampleSettings.bound(Server.class, "url", server.stub().url("/")),
            new ProviderClients(new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    @Override
    protected long imageRequests() {
        return server.count("/prompt");
    }

    @Override
    protected void failNextImageRequest() {
        server.failNextRun();
    }

    @Override
    protected GenerationEngine engine() {
        return engine;
    }

    @Override
    protected GenerationRequest request(int n, long seed) {
        return EngineRequests.of(n, seed).request();
    }

    @Override
    protected GenerationRequest slowRequest() {
        return EngineRequests.of(1, 1).steps(4000).request();
    }
}
