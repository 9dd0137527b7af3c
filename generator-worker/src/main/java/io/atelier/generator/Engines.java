package io.atelier.generator;

import io.atelier.generator.engine.GenerationEngine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The engines that this worker has, by name. */
final class Engines {

    private final Map<String, GenerationEngine> byName = new TreeMap<>();

    Engines(List<GenerationEngine> engines) {
        for (var engine : engines) {
            if (byName.putIfAbsent(engine.name(), engine) != null) {
                throw new IllegalArgumentException("Two engines are called '" + engine.name() + "'.");
            }
        }
    }

    Optional<GenerationEngine> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** In alphabetical order. */
    List<String> names() {
        return List.copyOf(byName.keySet());
    }
}
