package io.atelier.generator;

import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.ModelUnloadRequested;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.generator.engine.EngineSource;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.messaging.settings.SettingRefused;
import java.util.Comparator;
import java.util.HashSet;
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

    /** @param source further engines, which take part in the check of names as far as they are there now */
    EngineRegistry(List<GenerationEngine> engines, EngineSource source) {
        var names = new HashSet<String>();
        Stream.concat(source.engines().stream(), engines.stream()).forEach(engine -> {
            if (!names.add(engine.name())) {
                throw new SettingRefused(
                        "Two engines have the name '" + engine.name() + "'. Rename one of them in the settings.");
            }
        });
        engines.forEach(engine -> byName.put(engine.name(), engine));
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

    /**
     * The current state of each engine, in alphabetical order, including those that lack a required setting.
     *
     * @param devices those for which the worker leases tasks
     */
    List<EngineState> states(List<String> devices) {
        return all().map(engine -> state(engine, devices))
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
            source.unload(request.engine());
        }
    }

    private Stream<GenerationEngine> configured() {
        return all().filter(engine -> engine.status().configured());
    }

    private Stream<GenerationEngine> all() {
        return Stream.concat(byName.values().stream(), source.engines().stream());
    }

    private static EngineState state(GenerationEngine engine, List<String> devices) {
        var status = engine.status();
        var own = devices.stream().filter(engine.devices()::contains).toList();
        return new EngineState(
                engine.name(),
                status.condition().name().toLowerCase(Locale.ROOT),
                status.detail(),
                own.isEmpty() ? null : own);
    }
}
