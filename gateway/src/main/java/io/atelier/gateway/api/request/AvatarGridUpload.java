package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** The form of a request for one grid whose base image is sent with it, as the OpenAPI document shows it. */
@Schema(name = "AvatarGridUpload", description = "A base image with a file name, and the prompt")
public record AvatarGridUpload(
        @Schema(
                type = "string",
                format = "binary",
                description = "PNG, JPEG, WebP or GIF, at most 50 MB. It is kept as a file")
        String base,

        @Schema(minLength = 1, maxLength = RequestLimits.MAX_PROMPT_LENGTH, example = "four views of the same person")
        String prompt,

        @Schema(description = AvatarForm.MODEL) @Nullable String model,

        @Schema(description = AvatarForm.CLIENT_REF) @Nullable
        String clientRef) {

    /** The name of the part with the image. */
    public static final String BASE = AvatarForm.BASE;

    /** The names of the other parts, which are texts. */
    public static final Set<String> FIELDS = Set.of(AvatarForm.PROMPT, "model", "client_ref");

    /**
     * The same request in JSON.
     *
     * @param texts the texts of the form by their names
     * @param file the file that was sent with it; null if there is none
     */
    public static byte[] json(Map<String, String> texts, @Nullable FileId file) {
        var body = JsonNodeFactory.instance.objectNode();
        if (file != null) {
            body.putObject(BASE).put("file_id", file.value());
        }
        texts.forEach(body::put);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
