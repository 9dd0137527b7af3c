package io.atelier.generator.engine;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Engines of one kind, of which a worker has as many as its settings name; each may lack a setting. */
public final class EngineFamily implements AutoCloseable {

    private final List<GenerationEngine> engines;

    private EngineFamily(List<GenerationEngine> engines) {
        this.engines = engines;
    }

    /**
     * An engine for each server in the settings.
     *
     * @param servers by the names that their engines get
     * @param engine makes the engine of a name for a server
     * @param <S> what the settings say of a server
     */
    public static <S> EngineFamily of(
            Map<String, S> servers, BiFunction<String, S, ? extends GenerationEngine> engine) {
        return new EngineFamily(servers.entrySet().stream()
                .<GenerationEngine>map(named -> engine.apply(named.getKey(), named.getValue()))
                .toList());
    }

    /** The same ones each time. */
    public List<GenerationEngine> engines() {
        return engines;
    }

    @Override
    public void close() {
        engines.forEach(GenerationEngine::close);
    }
}
