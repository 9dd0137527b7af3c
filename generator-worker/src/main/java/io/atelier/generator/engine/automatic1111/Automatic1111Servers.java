package io.atelier.generator.engine.automatic1111;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.remote.Remotes;
import java.util.List;

/** The engines of all servers that the settings name. */
final class Automatic1111Servers implements EngineFamily, AutoCloseable {

    private final List<Automatic1111Engine> engines;

    Automatic1111Servers(Automatic1111Properties properties, Remotes remotes) {
        engines = properties.servers().entrySet().stream()
                .map(named -> new Automatic1111Engine(named.getKey(), named.getValue(), remotes))
                .toList();
    }

    @Override
    public List<GenerationEngine> engines() {
        return List.copyOf(engines);
    }

    @Override
    public void close() {
        engines.forEach(Automatic1111Engine::close);
    }
}
