package io.atelier.gateway.api.operations;

import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a model: what clients of OpenAI's API expect, and what the model can do. */
@Schema(name = "Model")
record ModelDescription(
        @Schema(example = "pocket") String id,
        @Schema(allowableValues = "model") String object,

        @Schema(description = "When it was made, in seconds since 1970", example = "1795219200")
        long created,

        String ownedBy,

        @Schema(description = "Whether 'auto' stands for it")
        boolean standard,

        String description,
        String license,
        @Schema(example = "pocket") String engine,
        @Schema(description = "Prompts that it does well") List<String> examples,

        @Schema(description = "The size it thinks in, if pictures are enlarged from it", example = "256x256") @Nullable
        String nativeSize,

        boolean negativePrompt,
        Limits limits,
        Defaults defaults,

        @Schema(
                description =
                        "ready; failing: what is behind its engine failed so often that it is left alone for a while; "
                                + "not_configured: every worker lacks a setting; no_worker: nobody is there who has its engine",
                allowableValues = {"ready", "failing", "not_configured", "no_worker"})
        String state,

        @Schema(description = "What is missing, or how it fails; empty if there is nothing to say")
        String stateDetail,

        @Schema(description = "Who is there to draw with it")
        ModelAvailability.Present workers) {

    static ModelDescription of(
            Model model, boolean standard, EngineCondition condition, ModelAvailability.Present workers) {
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
                        new Side(sizes.min(), sizes.max(), sizes.multipleOf()),
                        Steps.of(model.steps()),
                        Guidance.of(model.guidance())),
                new Defaults(1, sizes.standard().toString(), model.standardSteps(), model.standardGuidance()),
                condition.state(),
                condition.detail(),
                workers);
    }

    /** What a request may ask for. */
    @Schema(name = "ModelLimits")
    record Limits(
            @Schema(description = "Most pictures in a job") int n,

            @Schema(description = "Most pictures that it can be given to change; 0 if it only draws new ones")
            int images,

            @Schema(description = "Each side, in pixels") Side side,

            @Schema(description = "Null if it cannot be told") @Nullable
            Steps steps,

            @Schema(description = "Null if it cannot be told") @Nullable
            Guidance guidanceScale) {}

    /** The lengths that a side can have. */
    @Schema(name = "ModelSide")
    record Side(int min, int max, int multipleOf) {}

    /** From the fewest to the most denoising steps. */
    @Schema(name = "ModelSteps")
    record Steps(int min, int max) {

        static @Nullable Steps of(Model.@Nullable Steps limits) {
            return limits == null ? null : new Steps(limits.min(), limits.max());
        }
    }

    /** From the loosest to the closest following of the prompt. */
    @Schema(name = "ModelGuidance")
    record Guidance(double min, double max) {

        static @Nullable Guidance of(Model.@Nullable Guidance limits) {
            return limits == null ? null : new Guidance(limits.min(), limits.max());
        }
    }

    /** What is taken if the request does not say. */
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
