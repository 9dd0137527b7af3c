package io.atelier.generator.engine.comfyui;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.remote.Remotes;
import java.util.List;

/** The engines of all servers that the settings name. */
final class ComfyUiServers implements EngineFamily, AutoCloseable {

    private final List<ComfyUiEngine> engines;

    ComfyUiServers(ComfyUiProperties properties, Remotes remotes) {
        engines = properties.servers().entrySet().stream()
                .map(named -> new ComfyUiEngine(named.getKey(), named.getValue(), remotes))
                .toList();
    }

    @Override
    public List<GenerationEngine> engines() {
        return List.copyOf(engines);
    }

    @Override
    public void close() {
        engines.forEach(ComfyUiEngine::close);
    }
}
