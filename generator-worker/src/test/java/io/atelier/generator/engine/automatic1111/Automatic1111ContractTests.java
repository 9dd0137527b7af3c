package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.EngineRequests;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.generator.provider.SampleSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;

class Automatic1111ContractTests extends EngineContract {

    private final FakeWebUi server = new FakeWebUi(true);
    private final Automatic1111Engine engine = new Automatic1111Engine(
            "automatic1111",
            SampleSettings.bound(Server.class, "url", server.stub().url("/"), "poll-interval", "20ms"),
            new ProviderClients(new SimpleMeterRegistry()));

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    @Override
    protected long imageRequests() {
        return server.count(FakeWebUi.TXT2IMG);
    }

    @Override
    protected void failNextImageRequest() {
        server.failNext();
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
