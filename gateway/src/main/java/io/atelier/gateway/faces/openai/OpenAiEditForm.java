package io.atelier.gateway.faces.openai;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of an edit as the OpenAPI document shows it. {@link OpenAiEditBody} reads it. */
@Schema(
        name = "OpenAiImageEdit",
        description = "An edit as a form. The other fields of OpenAiImageRequest are texts of the form")
record OpenAiEditForm(
        @ArraySchema(
                schema = @Schema(type = "string", format = "binary"),
                maxItems = 16,
                arraySchema = @Schema(description = "The images to change: PNG, JPEG, WebP or GIF; also as image[]"))
        List<String> image,

        @Schema(
                type = "string",
                format = "binary",
                description = "Which part of the first image changes: where it is transparent")
        @Nullable
        String mask,

        @Schema(minLength = 1, maxLength = 32000, example = "a castle in winter")
        String prompt,

        @Nullable String model,

        @Schema(minimum = "1", maximum = "10") @Nullable Integer n,

        @Nullable String size) {}
