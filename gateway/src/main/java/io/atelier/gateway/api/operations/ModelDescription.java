package io.atelier.gateway.api.operations;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
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
        Limits limits,
        Defaults defaults,

        @Schema(
                description = "ready; failing: its provider failed so often that it gets no requests for a while; "
                        + "not_configured: every worker lacks a setting; no_worker: no live worker has its engine",
                allowableValues = {"ready", "failing", "not_configured", "no_worker"})
        String state,

        @Schema(description = "The missing setting, or the failure; empty if there is none")
        String stateDetail,

        @Schema(description = "The live workers that have its engine")
        ModelAvailability.LiveWorkers workers) {

    static ModelDescription of(
            Model model, boolean standard, EngineCondition condition, ModelAvailability.LiveWorkers workers) {
        var sizes = model.sizes();
        ImageSize nativeSize = model.nativeSize();
        return new ModelDescription(
                model.id(),
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
                new Limits(
                        model.maxImages(),
                        model.maxSources(),
                        model.masks(),
                        model.strength(),
                        new Side(sizes.min(), sizes.max(), sizes.multipleOf()),
                        Steps.of(model.steps()),
                        Guidance.of(model.guidance())),
                new Defaults(1, sizes.standard().toString(), model.standardSteps(), model.standardGuidance()),
                condition.state(),
                condition.detail(),
                workers);
    }

    /** The limits of a request. */
    @Schema(name = "ModelLimits")
    record Limits(
            @Schema(description = "Highest number of images in a generation")
            int n,

            @Schema(description = "Highest number of source images for an edit; 0 if it cannot edit")
            int images,

            @Schema(description = "Whether an edit can be limited to a part of the first source image")
            boolean masks,

            @Schema(description = "Whether requests can set how much source images change")
            boolean strength,

            @Schema(description = "Limits of each side, in pixels")
            Side side,

            @Schema(description = "Null if a request cannot set it") @Nullable
            Steps steps,

            @Schema(description = "Null if a request cannot set it") @Nullable
            Guidance guidanceScale) {}

    /** The lengths that a side can have, in pixels. */
    @Schema(name = "ModelSide")
    record Side(int min, int max, int multipleOf) {}

    /** The limits of the denoising steps. */
    @Schema(name = "ModelSteps")
    record Steps(int min, int max) {

        static @Nullable Steps of(Model.@Nullable Steps limits) {
            return limits == null ? null : new Steps(limits.min(), limits.max());
        }
    }

    /** The limits of the guidance scale; a higher value follows the prompt more closely. */
    @Schema(name = "ModelGuidance")
    record Guidance(double min, double max) {

        static @Nullable Guidance of(Model.@Nullable Guidance limits) {
            return limits == null ? null : new Guidance(limits.min(), limits.max());
        }
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
