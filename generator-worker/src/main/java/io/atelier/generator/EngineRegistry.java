package io.atelier.generator;

import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.messaging.settings.SettingRefused;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The engines of this worker by name, including those that lack a required setting. */
final class EngineRegistry {

    private final Map<String, GenerationEngine> byName = new TreeMap<>();

    EngineRegistry(List<GenerationEngine> engines) {
        for (var engine : engines) {
            if (byName.putIfAbsent(engine.name(), engine) != null) {
                throw new SettingRefused(
                        "Two engines have the name '" + engine.name() + "'. Rename one of them in the settings.");
            }
        }
    }

    Optional<GenerationEngine> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names of the engines that have all required settings, in alphabetical order. */
    List<String> names() {
        return configured().map(GenerationEngine::name).toList();
    }

    /** Whether an engine with all required settings calls another server. */
    boolean anyRemote() {
        return configured().anyMatch(engine -> engine.device().equals(GenerationEngine.REMOTE));
    }

    /** The current state of each engine, in alphabetical order, including those that lack a required setting. */
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
