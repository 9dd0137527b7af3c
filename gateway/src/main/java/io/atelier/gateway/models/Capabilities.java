package io.atelier.gateway.models;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** The JSON of what the system can do now. */
@Schema(name = "Capabilities")
record Capabilities(
        @Schema(description = "Whether a worker is there that can draw")
        boolean imageGenerationEnabled,

        @Schema(description = "How each engine does, by name")
        Map<String, Condition> providers) {

    static Capabilities of(Map<String, Condition> conditions) {
        return new Capabilities(
                conditions.values().stream()
                        .anyMatch(condition -> condition.is(Condition.READY) || condition.is(Condition.FAILING)),
                conditions);
    }
}
