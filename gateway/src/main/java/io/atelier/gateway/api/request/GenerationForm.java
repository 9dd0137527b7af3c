package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request as the API's description shows it. {@link GenerationRequestReader} reads the body itself, field by field. */
@Schema(
        name = "GenerationRequest",
        description =
                "What to draw. Only the prompt is needed. Characters are counted as Unicode code points. "
                        + "Give the size in one form only: size, or width and height, or aspect_ratio. Unknown fields are refused.")
public record GenerationForm(
        @Schema(minLength = 1, maxLength = 32_000, example = "a castle")
        String prompt,

        @Schema(maxLength = 32_000, description = "What not to draw") @Nullable
        String negativePrompt,

        @Schema(
                pattern = "[A-Za-z0-9._:/-]{1,128}",
                defaultValue = "auto",
                description = "A name from /v1/models, or 'auto'")
        @Nullable
        String model,

        @Schema(minimum = "1", maximum = "16", defaultValue = "1", description = "How many pictures") @Nullable
        Integer n,

        @Schema(
                pattern = "auto|[0-9]+x[0-9]+",
                defaultValue = "auto",
                description = "WIDTHxHEIGHT in pixels, or 'auto' for the model's own size",
                example = "512x512")
        @Nullable
        String size,

        @Schema(minimum = "64", maximum = "4096", multipleOf = 8, description = "In pixels; needs height") @Nullable
        Integer width,

        @Schema(minimum = "64", maximum = "4096", multipleOf = 8, description = "In pixels; needs width") @Nullable
        Integer height,

        @Schema(pattern = "[0-9]+:[0-9]+", description = "WIDTH:HEIGHT from 1:3 to 3:1; the model chooses the size")
        @Nullable
        String aspectRatio,

        @Schema(minimum = "1", maximum = "150", description = "Denoising steps; the model has its own number") @Nullable
        Integer steps,

        @Schema(minimum = "0", maximum = "30", description = "How closely to follow the prompt") @Nullable
        Double guidanceScale,

        @Schema(
                minimum = "0",
                maximum = "9007199254740991",
                description = "Same seed, same picture. Picture i is drawn with seed + i. Null for a random one")
        @Nullable
        Long seed,

        @Nullable Grid grid,
        @Nullable Output output,

        @Schema(
                description = "Up to 16 words of your own, echoed; keys of 1 to 64 a-z 0-9 . _ -, values up to 256",
                example = "{\"campaign\": \"q4\"}")
        @Nullable
        Map<String, String> labels,

        @Schema(maxLength = 128, description = "Your own name for the job, echoed") @Nullable
        String clientRef,

        @Nullable Deadline deadline,
        @Nullable Delivery delivery,

        @Schema(
                allowableValues = {"continue", "cancel"},
                defaultValue = "continue",
                description =
                        "What becomes of the job when a client that waits for it or streams it goes away before the end")
        @Nullable
        String onDisconnect,

        @Nullable Routing routing,

        @Schema(
                oneOf = {Boolean.class, EnhanceWord.class},
                defaultValue = "false",
                description =
                        "Whether a language model betters the prompt first: true, false, or 'auto' for where that is possible. "
                                + "If it cannot, the prompt is drawn as it is; for true the job has a warning then")
        @Nullable
        Object enhance,

        @ArraySchema(
                minItems = 1,
                maxItems = GenerationRequest.MOST_IMAGES,
                arraySchema =
                        @Schema(
                                description =
                                        "Pictures to change as the prompt says, instead of drawing new ones: of other generations, or elsewhere. "
                                                + "Only for models whose limits.images is above 0, and at most so many"))
        @Nullable
        List<Image> images) {

    /** A picture to change. */
    @Schema(name = "SourceImage", description = "A picture to change: one of the two")
    public record Image(
            @Nullable Made generation,

            @Schema(
                    maxLength = 2048,
                    format = "uri",
                    description =
                            "An https address of the open internet. It is kept with the job, so a signed one should not be good for long",
                    example = "https://example.org/a.png")
            @Nullable
            String imageUrl) {}

    /** A picture of another job. */
    @Schema(name = "GenerationImage", description = "A picture of a generation that has succeeded")
    public record Made(
            @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
            String id,

            @Schema(
                    minimum = "0",
                    maximum = "9999",
                    defaultValue = "0",
                    description = "Its number among the generation's images")
            @Nullable
            Integer index) {}

    /** Whether the prompt is bettered where that is possible. */
    @Schema(name = "EnhanceWord")
    public enum EnhanceWord {
        @Schema(name = "auto")
        auto
    }

    /** Who draws it. */
    @Schema(name = "RoutingRequest", description = "Who draws it")
    public record Routing(
            @Schema(
                    description =
                            "Models that are asked, in this order, if the model fails for good. Each must be able to draw what is asked for; "
                                    + "steps, guidance and size that are not given are each model's own. [] for none; "
                                    + "left out for the catalogue's choice",
                    example = "[\"test-card\"]")
            @Nullable
            List<String> fallbacks) {}

    /** Until when the job is wanted. */
    @Schema(
            name = "DeadlineRequest",
            description =
                    "Until when the job is wanted: a time with an offset, or a duration from now; seven days at most")
    public record Deadline(
            @Schema(description = "A job that no worker has begun by then expires", example = "PT10M") @Nullable
            String startBy,

            @Schema(
                    description =
                            "A job that is not done by then expires, or is canceled if it was begun. The header Cancel-After: 90s says the same",
                    example = "2026-11-21T10:02:00Z")
            @Nullable
            String completeBy) {}

    /** How long the pictures are kept. */
    @Schema(name = "DeliveryRequest", description = "How long the pictures are kept")
    public record Delivery(
            @Schema(
                    description =
                            "After this time from its end the job's pictures, prompt and labels are erased; 'forever' or a duration",
                    example = "P30D")
            @Nullable
            String retain) {}

    /** How to cut each picture into tiles. */
    @Schema(name = "GridRequest", description = "How to cut each picture into tiles")
    public record Grid(
            @Schema(pattern = "none|[1-8]x[1-8]", defaultValue = "none", description = "ROWSxCOLUMNS", example = "2x2")
            @Nullable
            String layout,

            @Schema(
                    description = "Whether the blank border of each tile goes",
                    defaultValue = "none",
                    oneOf = {TrimWord.class, Trim.class})
            @Nullable
            Object trim,

            @Schema(
                    minimum = "32",
                    maximum = "2048",
                    defaultValue = "64",
                    description = "Tiles with a shorter side are left out")
            @Nullable
            Integer minTilePx,

            @Schema(defaultValue = "true", allowableValues = "true", description = "The uncut grid is always kept")
            @Nullable
            Boolean keepOriginal) {}

    /** Whether borders go. */
    @Schema(name = "TrimWord")
    public enum TrimWord {
        @Schema(name = "auto")
        auto,
        @Schema(name = "none")
        none
    }

    /** How borders go. */
    @Schema(name = "Trim")
    public record Trim(
            @Schema(
                    minimum = "0",
                    maximum = "256",
                    defaultValue = "0",
                    description = "Taken off every side of a tile before it is trimmed")
            @Nullable
            Integer insetPx,

            @Schema(
                    minimum = "0",
                    maximum = "64",
                    defaultValue = "12",
                    description = "How far a border pixel may be from the border's colour")
            @Nullable
            Integer tolerance) {}

    /** How the pictures are written. */
    @Schema(name = "OutputRequest", description = "How the pictures are written")
    public record Output(
            @Schema(allowableValues = "png", defaultValue = "png") @Nullable
            String format,

            @Schema(
                    allowableValues = {"full", "minimal", "none"},
                    defaultValue = "minimal",
                    description = "What the PNG's text says: the whole request; model, seed and job id; nothing")
            @Nullable
            String metadata) {}
}
