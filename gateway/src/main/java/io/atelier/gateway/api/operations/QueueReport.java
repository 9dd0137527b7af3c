package io.atelier.gateway.api.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.gateway.view.models.ModelAvailability;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of how long the lines are. What is not known is left out, never guessed. */
@Schema(name = "QueueReport")
@JsonInclude(JsonInclude.Include.NON_NULL)
record QueueReport(
        @Schema(allowableValues = "queue") String object,
        @Schema(description = "Jobs that wait") int queued,

        @Schema(description = "Jobs that are being worked on")
        int running,

        @Schema(description = "For how many seconds the first in line has waited") @Nullable
        Double oldestSeconds,

        List<OfPool> pools,
        List<OfModel> models) {

    /** The line before the workers of a pool. */
    @Schema(name = "PoolQueue")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfPool(
            @Schema(example = "default") String pool,
            @Schema(allowableValues = "standard") String lane,
            int queued,
            int running,
            @Nullable Double oldestSeconds,

            @Schema(
                    description =
                            "In how many seconds a worker would begin with a new job; left out if that cannot be told")
            @Nullable
            Long etaSeconds,

            @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
            String etaConfidence,

            ModelAvailability.Present workers) {}

    /** Those in line that asked for one model. */
    @Schema(name = "ModelQueue")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfModel(
            @Schema(example = "pocket") String model,
            @Schema(example = "default") String pool,
            @Schema(allowableValues = "standard") String lane,
            int queued,
            int running,
            @Nullable Double oldestSeconds,

            @Schema(description = "In how many seconds a new job would be done; left out if that cannot be told")
            @Nullable
            Long etaSeconds,

            @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
            String etaConfidence,

            @Schema(description = "Those that have the model's engine")
            ModelAvailability.Present workers) {}
}
