package io.atelier.gateway.api.operations;

import io.atelier.gateway.view.models.EngineCondition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** The JSON of what the system can do now. */
@Schema(name = "Capabilities")
record Capabilities(
        @Schema(description = "Whether a worker is there that can draw")
        boolean imageGenerationEnabled,

        @Schema(description = "How each engine does, by name")
        Map<String, EngineCondition> providers) {

    static Capabilities of(Map<String, EngineCondition> conditions) {
        return new Capabilities(
                conditions.values().stream()
                        .anyMatch(condition ->
                                condition.is(EngineCondition.READY) || condition.is(EngineCondition.FAILING)),
                conditions);
    }
}
