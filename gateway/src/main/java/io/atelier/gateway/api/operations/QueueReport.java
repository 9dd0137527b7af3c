package io.atelier.gateway.api.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.gateway.view.models.ModelAvailability;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of queue lengths and ETAs. Unknown values are left out, never guessed. */
@Schema(name = "QueueReport")
@JsonInclude(JsonInclude.Include.NON_NULL)
record QueueReport(
        @Schema(allowableValues = "queue") String object,
        @Schema(description = "Number of queued jobs") int queued,

        @Schema(description = "Number of running jobs") int running,

        @Schema(description = "The age of the oldest queued job, in seconds") @Nullable
        Double oldestSeconds,

        @Schema(description = "What is wrong with the system now, for people; left out if nothing is")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> notices,

        List<OfPool> pools,
        List<OfModel> models) {

    /** The queue of a pool. */
    @Schema(name = "PoolQueue")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfPool(
            @Schema(example = "default") String pool,
            @Schema(allowableValues = "standard") String lane,
            int queued,
            int running,
            @Nullable Double oldestSeconds,

            @Schema(description = "Seconds until a worker would start a new job; left out if unknown") @Nullable
            Long etaSeconds,

            @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
            String etaConfidence,

            ModelAvailability.LiveWorkers workers) {}

    /** The queue of a model. */
    @Schema(name = "ModelQueue")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfModel(
            @Schema(example = "pocket") String model,
            @Schema(example = "default") String pool,
            @Schema(allowableValues = "standard") String lane,
            int queued,
            int running,
            @Nullable Double oldestSeconds,

            @Schema(description = "Seconds until a new job would end; left out if unknown") @Nullable
            Long etaSeconds,

            @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
            String etaConfidence,

            @Schema(description = "The live workers that have the model's engine")
            ModelAvailability.LiveWorkers workers) {}
}
