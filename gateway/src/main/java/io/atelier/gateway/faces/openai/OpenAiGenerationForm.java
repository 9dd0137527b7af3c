package io.atelier.gateway.faces.openai;

import io.atelier.gateway.api.request.GenerationForm;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request of OpenAI's images API as the OpenAPI document shows it. {@link OpenAiRequestTranslator} reads it. */
@Schema(
        name = "OpenAiImageRequest",
        description =
                "A request in the form of OpenAI's API. Fields of GenerationRequest are taken too; other unknown ones are ignored with a warning")
record OpenAiGenerationForm(
        @Schema(minLength = 1, maxLength = 32000, example = "a castle")
        String prompt,

        @Schema(defaultValue = "auto", description = "The id of a model from /v1/models") @Nullable
        String model,

        @Schema(minimum = "1", maximum = "10", defaultValue = "1") @Nullable
        Integer n,

        @Schema(defaultValue = "auto", description = "WIDTHxHEIGHT in pixels, or 'auto'", example = "512x512") @Nullable
        String size,

        @Schema(
                description =
                        "auto, low, medium, high, xhigh or max; standard and hd mean medium and high. A model without levels of quality takes more or fewer steps")
        @Nullable
        String quality,

        @Schema(allowableValues = {"auto", "opaque", "transparent"}) @Nullable
        String background,

        @Schema(
                allowableValues = {"png", "jpeg"},
                defaultValue = "png")
        @Nullable
        String outputFormat,

        @Schema(minimum = "0", maximum = "100", description = "The quality of JPEG files") @Nullable
        Integer outputCompression,

        @Schema(
                allowableValues = {"b64_json", "url"},
                defaultValue = "b64_json")
        @Nullable
        String responseFormat,

        @Schema(description = "Whether the response is a stream of events", defaultValue = "false") @Nullable
        Boolean stream,

        @Schema(minimum = "0", maximum = "3", description = "Accepted; no model here sends partial images") @Nullable
        Integer partialImages,

        @Schema(allowableValues = {"auto", "low"}) @Nullable String moderation,

        @Schema(allowableValues = {"low", "high"}) @Nullable String inputFidelity,

        @Schema(description = "Images to change; required for edits") @Nullable
        List<GenerationForm.Image> images,

        GenerationForm.@Nullable Image mask,

        @Schema(maxLength = 256, description = "Kept as a label, and echoed") @Nullable
        String user,

        @Schema(maxLength = 256, description = "Kept as a label, and echoed") @Nullable
        String safetyIdentifier) {}
