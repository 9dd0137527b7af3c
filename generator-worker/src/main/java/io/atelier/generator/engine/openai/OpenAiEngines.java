package io.atelier.generator.engine.openai;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.remote.Remotes;
import java.util.List;

/** An engine for each server in the settings. */
final class OpenAiEngines implements EngineFamily, AutoCloseable {

    private final List<GenerationEngine> engines;

    /** @throws IllegalArgumentException if the address of a server is none, naming the setting */
    OpenAiEngines(OpenAiProperties properties, Remotes remotes) {
        engines = properties.servers().entrySet().stream()
                .<GenerationEngine>map(named -> OpenAiEngine.of(named.getKey(), named.getValue(), remotes))
                .toList();
    }

    @Override
    public List<GenerationEngine> engines() {
        return engines;
    }

    @Override
    public void close() {
        engines.forEach(GenerationEngine::close);
    }
}
