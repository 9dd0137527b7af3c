package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.Webhook;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a job's request, with defaults filled in. */
@Schema(name = "RequestEcho")
record RequestEcho(
        @Schema(description = "Empty for an avatar, whose prompts are at paths of their own")
        String prompt,

        @Nullable String negativePrompt,
        int n,

        @Schema(example = "512x512", description = "Null if the job splits an image at a URL, whose size is not known")
        @Nullable
        String size,

        @Schema(description = "Null as the size is") @Nullable
        Integer width,

        @Schema(description = "Null as the size is") @Nullable
        Integer height,

        @Nullable Integer steps,
        @Nullable Double guidanceScale,

        @Schema(description = "Null if the job only splits images") @Nullable
        Long seed,

        @Nullable GridEcho grid,

        @Schema(allowableValues = {"full", "minimal", "none"})
        String metadata,

        @Schema(description = "Whether the prompt is rewritten: true or 'auto'; left out if not")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Object enhance,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RoutingEcho routing,

        @Schema(description = "The images to change; left out if there are none")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Image> images,

        @Schema(description = "Which part of the first image changes; left out if all of it does")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Image mask,

        @Schema(description = "How much the images change; left out for the model's default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Double strength,

        @Schema(description = "How much effort each image is worth; left out for the model's default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String quality,

        @Schema(description = "What is behind the subject; left out for the model's default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String background,

        @Schema(description = "How strict the provider's content filter is; left out for the model's default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String moderation,

        @Schema(description = "How closely an edit keeps to the images; left out for the model's default")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String inputFidelity,

        @Schema(description = "How the noise is removed from step to step; left out for the model's own")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String scheduler,

        @Schema(description = "The format of the images and tiles; left out for PNG")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        OutputEcho output,

        @Schema(description = "The address that is notified when the job ends; left out if there is none")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        WebhookEcho webhook) {

    static RequestEcho of(GenerationRequest request) {
        var options = request.optionsOrDefaults();
        boolean hasModel = !request.model().isEmpty();
        boolean isSizeUnknown = !hasModel && request.leavesSizeOpen();
        return new RequestEcho(
                request.prompt(),
                request.negativePrompt(),
                request.n(),
                isSizeUnknown ? null : request.size().toString(),
                isSizeUnknown ? null : Integer.valueOf(request.size().width()),
                isSizeUnknown ? null : Integer.valueOf(request.size().height()),
                request.steps(),
                request.guidanceScale(),
                hasModel ? Long.valueOf(request.seed()) : null,
                request.grid() == null ? null : GridEcho.of(request.grid()),
                request.metadata().word(),
                request.enhance() == null ? null : enhance(request.enhance()),
                RoutingEcho.of(request.withFirstModel()),
                request.images().stream().map(Image::of).toList(),
                request.mask() == null ? null : Image.of(request.mask()),
                request.strength(),
                options.quality(),
                options.background(),
                options.moderation(),
                options.inputFidelity(),
                options.scheduler(),
                request.jpeg() == null
                        ? null
                        : new OutputEcho("jpeg", request.jpeg().quality()),
                request.webhook() == null ? null : WebhookEcho.of(request.webhook()));
    }

    private static @Nullable Object enhance(Enhance enhance) {
        return switch (enhance) {
            case OFF -> null;
            case ON -> true;
            case AUTO -> enhance.word();
        };
    }

    /** An image to change. */
    @Schema(name = "SourceImageEcho", description = "An image of a generation, an image at a URL, or an uploaded file")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Image(
            @Nullable GenerationImage generation,
            @Nullable String imageUrl,
            @Nullable String fileId) {

        static Image of(Source source) {
            var image = source.generation();
            return new Image(
                    image == null ? null : new GenerationImage(image.id().value(), image.index()),
                    source.imageUrl(),
                    source.file() == null ? null : source.file().id().value());
        }
    }

    /** An image of another job. */
    @Schema(name = "GenerationImageEcho")
    record GenerationImage(
            @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
            String id,

            int index) {}

    /** The format of images. */
    @Schema(name = "OutputEcho")
    record OutputEcho(
            @Schema(allowableValues = "jpeg") String format,

            @Schema(description = "The quality, from 0 to 100")
            int compression) {}

    /** The address that is notified when the job ends. */
    @Schema(name = "WebhookEcho")
    record WebhookEcho(
            @Schema(example = "https://example.org/hooks/atelier")
            String url,

            @ArraySchema(
                    arraySchema = @Schema(description = "The ends that are notified of"),
                    schema = @Schema(allowableValues = {"succeeded", "failed", "canceled", "expired"}))
            List<String> events) {

        static WebhookEcho of(Webhook webhook) {
            return new WebhookEcho(
                    webhook.url(),
                    webhook.events().stream().map(JobStatus::word).toList());
        }
    }

    /** The models to try if the first one fails, and the required device. */
    @Schema(name = "RoutingEcho")
    record RoutingEcho(
            @Schema(description = "Models, in the order in which they are tried")
            List<String> fallbacks,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            RequirementsEcho require) {

        static @Nullable RoutingEcho of(GenerationRequest request) {
            var models =
                    request.fallbacks().stream().map(Routing.Fallback::model).toList();
            var device = request.device();
            var require = device == null ? null : new RequirementsEcho(device.text());
            return models.isEmpty() && require == null ? null : new RoutingEcho(models, require);
        }
    }

    /** What the worker must have. */
    @Schema(name = "RequirementsEcho")
    record RequirementsEcho(@Schema(example = "gpu") String device) {}

    /** How the images are cut. */
    @Schema(name = "GridEcho")
    record GridEcho(
            @Schema(example = "2x2") String layout,
            @Nullable TrimEcho trim,
            int minTilePx) {

        static GridEcho of(GridSpec spec) {
            return new GridEcho(spec.rows() + "x" + spec.cols(), TrimEcho.of(spec), spec.minTilePixels());
        }
    }

    /** How the borders of tiles are removed. */
    @Schema(name = "TrimEcho")
    record TrimEcho(
            @Schema(allowableValues = {"auto", "none", "strict"})
            String mode,

            @Schema(description = "'auto', or a colour such as '#ffffff'")
            String colour,

            int insetPx,
            int tolerance) {

        /** Null if nothing is removed. */
        static @Nullable TrimEcho of(GridSpec spec) {
            if (!spec.trim() && spec.insetPixels() == 0) {
                return null;
            }
            var mode = spec.trim() ? spec.cutsStrictly() ? "strict" : "auto" : "none";
            var colour = spec.colour() == null ? "auto" : spec.colour();
            return new TrimEcho(mode, colour, spec.insetPixels(), spec.tolerance());
        }
    }
}
