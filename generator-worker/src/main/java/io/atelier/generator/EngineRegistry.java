package io.atelier.generator;

import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.generator.engine.GenerationEngine;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The engines that this worker has, by name. Those that lack a setting are there too, and say so to whoever asks them. */
final class EngineRegistry {

    private final Map<String, GenerationEngine> byName = new TreeMap<>();

    EngineRegistry(List<GenerationEngine> engines) {
        for (var engine : engines) {
            if (byName.putIfAbsent(engine.name(), engine) != null) {
                throw new IllegalArgumentException("Two engines are called '" + engine.name() + "'.");
            }
        }
    }

    Optional<GenerationEngine> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names of those that can draw, in alphabetical order. */
    List<String> names() {
        return configured().map(GenerationEngine::name).toList();
    }

    /** Whether one that can draw asks a server elsewhere. */
    boolean anyRemote() {
        return configured().anyMatch(engine -> engine.device().equals(GenerationEngine.REMOTE));
    }

    /** How each does now, in alphabetical order, also those that lack a setting. */
    List<EngineState> states() {
        return byName.values().stream().map(EngineRegistry::state).toList();
    }

    private Stream<GenerationEngine> configured() {
        return byName.values().stream().filter(engine -> engine.status().configured());
    }

    private static EngineState state(GenerationEngine engine) {
        var status = engine.status();
        return new EngineState(engine.name(), status.condition().name().toLowerCase(Locale.ROOT), status.detail());
    }
}
