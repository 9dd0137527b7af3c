package io.atelier.generator;

import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.generator.engine.EngineSource;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.messaging.settings.SettingRefused;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The engines of this worker by name, including those that lack a required setting. Those of a source come and go. */
final class EngineRegistry {

    private final Map<String, GenerationEngine> byName = new TreeMap<>();
    private final EngineSource source;

    EngineRegistry(List<GenerationEngine> engines) {
        this(engines, EngineSource.NONE);
    }

    /** @param source further engines, with other names */
    EngineRegistry(List<GenerationEngine> engines, EngineSource source) {
        for (var engine : engines) {
            if (byName.putIfAbsent(engine.name(), engine) != null) {
                throw new SettingRefused(
                        "Two engines have the name '" + engine.name() + "'. Rename one of them in the settings.");
            }
        }
        this.source = source;
    }

    Optional<GenerationEngine> named(String name) {
        return all().filter(engine -> engine.name().equals(name)).findFirst();
    }

    /** The names of the engines that have all required settings, in alphabetical order. */
    List<String> names() {
        return configured().map(GenerationEngine::name).sorted().toList();
    }

    /** Whether an engine with all required settings calls another server. */
    boolean anyRemote() {
        return configured().anyMatch(engine -> engine.device().equals(GenerationEngine.REMOTE));
    }

    /** The current state of each engine, in alphabetical order, including those that lack a required setting. */
    List<EngineState> states() {
        return all().map(EngineRegistry::state)
                .sorted(Comparator.comparing(EngineState::engine))
                .toList();
    }

    /** The models that this worker runs itself, in alphabetical order. */
    List<LocalModel> models() {
        return source.models();
    }

    /** Follows a request to all workers. Never waits. */
    void obey(WorkerCommand command) {
        if (command instanceof ModelUnloadRequested request) {
            source.unload(request.model());
        }
    }

    private Stream<GenerationEngine> configured() {
        return all().filter(engine -> engine.status().configured());
    }

    private Stream<GenerationEngine> all() {
        return Stream.concat(byName.values().stream(), source.engines().stream());
    }

    private static EngineState state(GenerationEngine engine) {
        var status = engine.status();
        return new EngineState(engine.name(), status.condition().name().toLowerCase(Locale.ROOT), status.detail());
    }
}
