package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.models.EngineCondition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Set;

/** The JSON of the present capabilities of the system. */
@Schema(name = "Capabilities")
record Capabilities(
        @Schema(
                description = "Whether a live worker can generate images with an engine that was set up: the built-in"
                        + " ones, which need no settings, do not count")
        boolean imageGenerationEnabled,

        @Schema(description = "The condition of each engine, by its name")
        Map<String, EngineCondition> providers) {

    /** The engines of a system that no one has set up. */
    private static final Set<String> BUILT_IN = Set.of("pocket", "test-card");

    static Capabilities of(Map<String, EngineCondition> conditions) {
        return new Capabilities(
                conditions.entrySet().stream()
                        .filter(engine -> !BUILT_IN.contains(engine.getKey()))
                        .map(Map.Entry::getValue)
                        .anyMatch(condition ->
                                condition.is(EngineCondition.READY) || condition.is(EngineCondition.FAILING)),
                conditions);
    }
}
