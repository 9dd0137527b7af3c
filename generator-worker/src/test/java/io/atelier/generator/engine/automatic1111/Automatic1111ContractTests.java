package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.Orders;
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.generator.remote.Remotes;
import io.atelier.generator.remote.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;

class Automatic1111ContractTests extends EngineContract {

    private final FakeWebUi server = new FakeWebUi(true);
    private final Automatic1111Engine engine = new Automatic1111Engine(
            "automatic1111",
            Settings.bound(Server.class, "url", server.stub().url("/"), "poll", "20ms"),
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
