package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of a generation request as the OpenAPI document shows it. Its components, in snake case, are the fields that {@link
 * GenerationRequestReader} allows; their limits are those of {@link RequestLimits}.
 */
@Schema(
        name = "GenerationRequest",
        description =
                "A request for images. Only the prompt is required. Characters are counted as Unicode code points."
                        + " Give the size in one form only: size, or width and height, or aspect_ratio. Unknown fields are"
                        + " refused.")
public record GenerationForm(
        @Schema(minLength = 1, maxLength = RequestLimits.MAX_PROMPT_LENGTH, example = "a castle")
        String prompt,

        @Schema(maxLength = RequestLimits.MAX_PROMPT_LENGTH, description = "What the images must not show") @Nullable
        String negativePrompt,

        @Schema(
                pattern = "^" + RequestLimits.MODEL_NAME + "$",
                defaultValue = "auto",
                description = "The id of a model from /v1/models, or 'auto' for the standard one")
        @Nullable
        String model,

        @Schema(
                minimum = "1",
                maximum = "" + RequestLimits.MAX_N,
                defaultValue = "1",
                description =
                        "The number of images. All images of a request together have at most 67108864 pixels: 4 of"
                                + " 4096x4096, 16 of 2048x2048")
        @Nullable
        Integer n,

        @Schema(
                pattern = "^(auto|" + RequestLimits.SIZE + ")$",
                defaultValue = "auto",
                description = "WIDTHxHEIGHT in pixels, or 'auto' for the model's default size",
                example = "512x512")
        @Nullable
        String size,

        @Schema(
                minimum = "" + RequestLimits.MIN_SIDE,
                maximum = "" + RequestLimits.MAX_SIDE,
                multipleOf = RequestLimits.SIDE_MULTIPLE,
                description = "In pixels; requires height")
        @Nullable
        Integer width,

        @Schema(
                minimum = "" + RequestLimits.MIN_SIDE,
                maximum = "" + RequestLimits.MAX_SIDE,
                multipleOf = RequestLimits.SIDE_MULTIPLE,
                description = "In pixels; requires width")
        @Nullable
        Integer height,

        @Schema(
                pattern = "^" + RequestLimits.ASPECT_RATIO + "$",
                description = "WIDTH:HEIGHT from 1:" + RequestLimits.MAX_ASPECT_RATIO + " to "
                        + RequestLimits.MAX_ASPECT_RATIO + ":1; the model chooses the size")
        @Nullable
        String aspectRatio,

        @Schema(
                minimum = "1",
                maximum = "" + RequestLimits.MAX_STEPS,
                description = "Denoising steps; each model has a default")
        @Nullable
        Integer steps,

        @Schema(
                minimum = "0",
                maximum = "" + RequestLimits.MAX_GUIDANCE_SCALE,
                description = "How closely to follow the prompt; each model has a default")
        @Nullable
        Double guidanceScale,

        @Schema(
                minimum = "0",
                maximum = "" + RequestLimits.MAX_SEED,
                description =
                        "The same seed gives the same image. Image i is generated with seed + i. Null for a random"
                                + " seed")
        @Nullable
        Long seed,

        @Nullable GridForm grid,
        @Nullable OutputForm output,

        @Schema(
                description = "Up to " + RequestLimits.MAX_LABELS
                        + " labels of your own, echoed; keys of 1 to 64 characters a-z 0-9 . _ -, values of up to "
                        + RequestLimits.MAX_LABEL_LENGTH
                        + " characters. The gateway itself sets those that begin with avatar-batch., batch., command.,"
                        + " hayhooks., intel. or openai., and refuses them in requests",
                example = "{\"campaign\": \"q4\"}")
        @Nullable
        Map<String, String> labels,

        @Schema(maxLength = RequestLimits.MAX_CLIENT_REF_LENGTH, description = "Your own reference for the job, echoed")
        @Nullable
        String clientRef,

        @Nullable Deadline deadline,
        @Nullable Delivery delivery,

        @Schema(
                allowableValues = {CONTINUE, CANCEL},
                defaultValue = CONTINUE,
                description = "Whether to cancel the job when a client that waits for it or streams it disconnects")
        @Nullable
        String onDisconnect,

        @Nullable Routing routing,

        @Schema(
                oneOf = {Boolean.class, EnhanceWord.class},
                description =
                        "Whether a language model rewrites the prompt first: true, false (the default), or 'auto' to"
                                + " do so only where it is set up. If rewriting fails, the original prompt is used; with"
                                + " true, the job then has a warning")
        @Nullable
        Object enhance,

        @ArraySchema(
                minItems = 1,
                maxItems = RequestLimits.MAX_SOURCES,
                arraySchema =
                        @Schema(
                                description =
                                        "Images to change as the prompt says, instead of generating new ones: images"
                                                + " of other generations, uploaded files, or images at a URL. Only for"
                                                + " models whose limits.images is above 0, and at most that many"))
        @Nullable
        List<Image> images,

        @Schema(
                description =
                        "Which part of the first of the images changes: where the mask is transparent, or where it is"
                                + " white if nothing of it is transparent. It has the size of that image. Only for models"
                                + " whose limits.masks is true")
        @Nullable
        Image mask,

        @Schema(
                exclusiveMinimum = true,
                minimum = "0",
                maximum = "1",
                description =
                        "How much the images change, more than 0 and at most 1. Only for models whose limits.strength"
                                + " is true; each has a default")
        @Nullable
        Double strength,

        @Schema(
                maxLength = RequestLimits.MAX_OPTION_LENGTH,
                description =
                        "How much effort each image is worth, such as low, high or max: one of limits.quality of the"
                                + " model",
                example = "high")
        @Nullable
        String quality,

        @Schema(
                allowableValues = {"auto", "low"},
                description = "How strict the provider's content filter is: one of limits.moderation of the model")
        @Nullable
        String moderation,

        @Schema(
                allowableValues = {"low", "high"},
                description = "How closely an edit keeps to the images: one of limits.input_fidelity of the model")
        @Nullable
        String inputFidelity,

        @Schema(
                example = "dpmpp-2m-karras",
                description = "How the noise is removed from step to step: one of limits.scheduler of the model")
        @Nullable
        String scheduler,

        @Nullable WebhookForm webhook) {

    /** The names of the fields. */
    public static Set<String> fieldNames() {
        return JsonFields.names(GenerationForm.class);
    }

    static final String CONTINUE = "continue";
    static final String CANCEL = "cancel";
    static final String IMAGE_URL =
            "A public https URL. It is kept with the job, so a signed URL should be valid for a short time only";

    /** An image to change, or the mask. */
    @Schema(name = "SourceImage", description = "An image: exactly one of the fields")
    public record Image(
            @Nullable GenerationImage generation,

            @Schema(
                    maxLength = RequestLimits.MAX_IMAGE_URL_LENGTH,
                    format = "uri",
                    description = IMAGE_URL,
                    example = "https://example.org/a.png")
            @Nullable
            String imageUrl,

            @Schema(pattern = "^" + FileId.REGEX + "$", description = "A file that was uploaded to /v1/files") @Nullable
            String fileId,

            @Schema(
                    maxLength = RequestLimits.MAX_DATA_URL_LENGTH,
                    description =
                            "A small PNG, JPEG, WebP or GIF in base64. It is kept as a file, and shown as its file_id",
                    example = "data:image/png;base64,...")
            @Nullable
            String dataUrl) {}

    /** An image of another job. */
    @Schema(name = "GenerationImage", description = "An image of a generation that succeeded")
    public record GenerationImage(
            @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
            String id,

            @Schema(
                    minimum = "0",
                    maximum = "" + RequestLimits.MAX_SOURCE_INDEX,
                    defaultValue = "0",
                    description = "The index among the generation's images")
            @Nullable
            Integer index) {}

    /** The value of {@code enhance} that rewrites the prompt only where that is set up. */
    @Schema(name = "EnhanceWord")
    public enum EnhanceWord {
        @Schema(name = "auto")
        auto
    }

    /** Which models generate the images, and where. */
    @Schema(name = "RoutingRequest", description = "Which models generate the images, and where")
    public record Routing(
            @Schema(
                    description = "Up to " + RequestLimits.MAX_FALLBACKS
                            + " models to try, in this order, if the model fails for good. Each must support what the"
                            + " request sets; steps, guidance and size that it does not set are each model's defaults."
                            + " [] for none; left out for the catalogue's fallbacks",
                    example = "[\"test-card\"]")
            @Nullable
            List<String> fallbacks,

            @Schema(description = "What the worker must have") @Nullable
            RequirementsForm require) {}

    /** The deadlines of the job. */
    @Schema(
            name = "DeadlineRequest",
            description = "Deadlines of the job: each is a time with an offset, or a duration from now; at most "
                    + RequestLimits.MAX_DEADLINE_DAYS + " days ahead")
    public record Deadline(
            @Schema(
                    description = "A job that no worker has started by then expires; not after complete_by",
                    example = "PT10M")
            @Nullable
            String startBy,

            @Schema(
                    description =
                            "A job that has not ended by then expires, or is canceled if it was started. The header"
                                    + " Cancel-After: 90s does the same",
                    example = "2026-11-21T10:02:00Z")
            @Nullable
            String completeBy) {}

    /** How long the images are kept. */
    @Schema(name = "DeliveryRequest", description = "How long the images are kept")
    public record Delivery(
            @Schema(
                    description = "The time from the job's end after which its images, prompt and labels are erased;"
                            + " 'forever' or a duration",
                    example = "P30D")
            @Nullable
            String retain) {}
}
