package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.models.EngineCondition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** The JSON of the present capabilities of the system. */
@Schema(name = "Capabilities")
record Capabilities(
        @Schema(description = "Whether a live worker can generate images")
        boolean imageGenerationEnabled,

        @Schema(description = "The condition of each engine, by its name")
        Map<String, EngineCondition> providers) {

    static Capabilities of(Map<String, EngineCondition> conditions) {
        return new Capabilities(
                conditions.values().stream()
                        .anyMatch(condition ->
                                condition.is(EngineCondition.READY) || condition.is(EngineCondition.FAILING)),
                conditions);
    }
}
