package io.atelier.gateway.api.files;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The form of an upload as the OpenAPI document shows it. */
@Schema(name = "FileUpload", description = "An image file, with a file name")
record FileForm(
        @Schema(type = "string", format = "binary", description = "PNG, JPEG, WebP or GIF, at most 50 MB")
        String file,

        @Schema(
                description = "How long the file is kept after each use, as a duration of ISO 8601; 7 days by default",
                example = "P7D")
        @Nullable
        String ttl) {

    static final String FILE = "file";
    static final String TTL = "ttl";
}
