package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.Orders;
import io.atelier.generator.engine.comfyui.ComfyUiProperties.Server;
import io.atelier.generator.remote.Remotes;
import io.atelier.generator.remote.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;

class ComfyUiContractTests extends EngineContract {

    private final FakeComfyUi server = new FakeComfyUi();
    private final ComfyUiEngine engine = new ComfyUiEngine(
            "comfyui",
            Settings.bound(Server.class, "url", server.stub().url("/")),
            new Remotes(new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    @Override
    protected GenerationEngine engine() {
        return engine;
    }

    @Override
    protected GenerationRequest request(int n, long seed) {
        return Orders.of(n, seed).request();
    }

    @Override
    protected GenerationRequest slowRequest() {
        return Orders.of(1, 1).steps(4000).request();
    }
}
