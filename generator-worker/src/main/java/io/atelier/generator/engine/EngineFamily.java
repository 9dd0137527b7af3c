package io.atelier.generator.engine;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The engines of one kind, one for each server that the settings name. An engine may lack required settings. */
public final class EngineFamily implements AutoCloseable {

    private final List<GenerationEngine> engines;

    private EngineFamily(List<GenerationEngine> engines) {
        this.engines = engines;
    }

    /**
     * Creates an engine for each server in the settings.
     *
     * @param servers settings by the names of the engines
     * @param engine creates an engine from its name and its settings
     * @param <S> the settings of one server
     */
    public static <S> EngineFamily of(
            Map<String, S> servers, BiFunction<String, S, ? extends GenerationEngine> engine) {
        return new EngineFamily(servers.entrySet().stream()
                .<GenerationEngine>map(entry -> engine.apply(entry.getKey(), entry.getValue()))
                .toList());
    }

    /** The engines; the same instances with each call. */
    public List<GenerationEngine> engines() {
        return engines;
    }

    @Override
    public void close() {
        engines.forEach(GenerationEngine::close);
    }
}
