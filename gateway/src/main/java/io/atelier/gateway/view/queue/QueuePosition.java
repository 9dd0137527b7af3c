package io.atelier.gateway.view.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of where a job waits. What is not known is left out, never guessed. */
@Schema(name = "Queue")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueuePosition(
        @Schema(example = "default") String pool,
        @Schema(allowableValues = "standard") String lane,

        @Schema(description = "1 is the next one of the pool") @Nullable
        Integer position,

        @Schema(description = "How many jobs of the pool come first") @Nullable
        Integer ahead,

        @Schema(
                description =
                        "When it will be done, in seconds from now, judging by how long such jobs took lately and by the live "
                                + "workers; left out if no such job was seen or no worker is there",
                example = "6")
        @Nullable
        Long etaSeconds,

        @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
        String etaConfidence) {

    public static final String LANE = "standard";

    /** Somewhere in the line of a pool. */
    static QueuePosition in(String pool) {
        return new QueuePosition(pool, LANE, null, null, null, null);
    }
}
