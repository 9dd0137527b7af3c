package io.atelier.gateway.api.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.models.ModelLoad;
import io.atelier.gateway.view.models.ModelRetirement;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a model: the fields of OpenAI's API, and the limits and defaults of the model. */
@Schema(name = "Model")
record ModelDescription(
        @Schema(example = "pocket") String id,
        @Schema(allowableValues = "model") String object,

        @Schema(description = "When it was released, in seconds since 1970", example = "1795219200")
        long created,

        String ownedBy,

        @Schema(description = "Whether 'auto' means this model")
        boolean standard,

        String description,
        String license,
        @Schema(example = "pocket") String engine,
        @Schema(description = "Prompts with good results") List<String> examples,

        @Schema(description = "The size that it generates, if other sizes are resampled from it", example = "256x256")
        @Nullable
        String nativeSize,

        boolean negativePrompt,
        ModelLimits limits,
        Defaults defaults,

        @Schema(
                description =
                        "ready; failing: its provider failed so often that it gets no requests for a while; "
                                + "not_configured: every worker lacks a setting, or has too little memory for the model; no_worker: no live worker has its engine",
                allowableValues = {"ready", "failing", "not_configured", "no_worker"})
        String state,

        @Schema(description = "The missing setting, or the failure; empty if there is none")
        String stateDetail,

        @Schema(
                description =
                        "Whether a worker has it in memory; left out for models that workers do not run themselves")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        ModelLoad loading,

        @Schema(description = "The live workers that have its engine")
        ModelAvailability.LiveWorkers workers,

        @Schema(description = "Whether its maker has shut it down, or said when it will")
        boolean deprecated,

        @Schema(
                description =
                        "The day from which its maker does not answer for it; requests for it then get the model in"
                                + " replaced_by, whose description this is. Left out if none is announced",
                format = "date",
                example = "2026-10-23")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String shutdownDate,

        @Schema(description = "The model that takes its place; left out if it is not to be shut down")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String replacedBy) {

    /** @param id the model's own, or an alias */
    static ModelDescription of(
            String id,
            Model model,
            boolean standard,
            EngineCondition condition,
            @Nullable ModelLoad loading,
            ModelAvailability.LiveWorkers workers,
            @Nullable ModelRetirement retirement) {
        ImageSize nativeSize = model.nativeSize();
        return new ModelDescription(
                id,
                "model",
                model.created().getEpochSecond(),
                model.ownedBy(),
                standard,
                model.description(),
                model.license(),
                model.engine(),
                model.examples(),
                nativeSize == null ? null : nativeSize.toString(),
                model.negativePrompt(),
                ModelLimits.of(model),
                new Defaults(1, model.sizes().standard().toString(), model.standardSteps(), model.standardGuidance()),
                condition.state(),
                condition.detail(),
                loading,
                workers,
                retirement != null,
                retirement == null ? null : retirement.shutdown().toString(),
                retirement == null ? null : retirement.replacedBy());
    }

    /** The values that are used if the request has none. */
    @Schema(name = "ModelDefaults")
    record Defaults(
            int n,
            @Schema(example = "512x512") String size,
            @Nullable Integer steps,
            @Nullable Double guidanceScale) {}

    /** All models. */
    @Schema(name = "ModelList")
    record Listing(@Schema(allowableValues = "list") String object, List<ModelDescription> data) {}
}
