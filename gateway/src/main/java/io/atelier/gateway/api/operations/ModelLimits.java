package io.atelier.gateway.api.operations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.ImageSize;
import io.atelier.gateway.view.models.Model;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a model's limits of a request. */
@Schema(name = "ModelLimits")
record ModelLimits(
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

        @Schema(description = "Lowest number of pixels, width by height; left out for no limit beside the sides")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Long minPixels,

        @Schema(
                description =
                        "Highest number of pixels, width by height; of a model that workers run themselves that for which they have memory. Left out for no limit beside the sides")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Long maxPixels,

        @Schema(
                description =
                        "How many times as long as the shorter side the longer one can be; left out for any ratio")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Double maxRatio,

        @Schema(
                description = "All sizes, of a model that has only a few; left out for all within the limits",
                example = "[\"1024x1024\", \"1536x1024\"]")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> sizes,

        @Schema(description = "Null if a request cannot set it") @Nullable
        Steps steps,

        @Schema(description = "Null if a request cannot set it") @Nullable
        Guidance guidanceScale,

        @Schema(
                description = "The words for 'quality'; empty if a request cannot set it",
                example = "[\"auto\", \"high\"]")
        List<String> quality,

        @Schema(description = "The words for 'output.background'; empty if a request cannot set it")
        List<String> background,

        @Schema(description = "The words for 'moderation'; empty if a request cannot set it")
        List<String> moderation,

        @Schema(description = "The words for 'input_fidelity'; empty if a request cannot set it")
        List<String> inputFidelity,

        @Schema(description = "The words for 'scheduler'; empty if a request cannot set it")
        List<String> scheduler) {

    static ModelLimits of(Model model) {
        var sizes = model.sizes();
        var options = model.options();
        return new ModelLimits(
                model.maxImages(),
                model.maxSources(),
                model.masks(),
                model.strength(),
                new Side(sizes.min(), sizes.max(), sizes.multipleOf()),
                sizes.minPixels(),
                sizes.maxPixels(),
                sizes.maxRatio(),
                sizes.only().stream().map(ImageSize::toString).toList(),
                Steps.of(model.steps()),
                Guidance.of(model.guidance()),
                options.quality(),
                options.background(),
                options.moderation(),
                options.inputFidelity(),
                options.scheduler());
    }

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
}
