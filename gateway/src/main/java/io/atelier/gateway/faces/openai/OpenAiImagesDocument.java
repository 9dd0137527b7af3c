package io.atelier.gateway.faces.openai;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response of OpenAI's images API as the OpenAPI document shows it. {@link OpenAiImagesWriter} writes it. */
@Schema(name = "OpenAiImages")
record OpenAiImagesDocument(List<Image> data, @JsonUnwrapped OpenAiResponse info) {

    /** An image. */
    @Schema(name = "OpenAiImage")
    record Image(
            @Schema(description = "The file in base64; left out if response_format is url") @Nullable
            String b64Json,

            @Schema(description = "Where the file is, for as long as the generation is kept") @Nullable
            String url,

            @Schema(description = "The prompt as a language model rewrote it") @Nullable
            String revisedPrompt) {}
}
