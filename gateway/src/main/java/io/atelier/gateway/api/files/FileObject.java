package io.atelier.gateway.api.files;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.files.UploadedFile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** The JSON of an uploaded file. */
@Schema(name = "File")
public record FileObject(
        @Schema(
                pattern = "^" + FileId.REGEX + "$",
                description = "'file_' and the SHA-256 in 52 characters of Crockford's base 32")
        String id,

        @Schema(allowableValues = "file") String object,

        @Schema(description = "SHA-256 of the bytes that are kept, in hex")
        String sha256,

        @Schema(description = "The length of the file that is kept")
        long bytes,

        @Schema(allowableValues = {"image/png", "image/jpeg", "image/webp", "image/gif"})
        String mediaType,

        @Schema(description = "In pixels, with the orientation applied")
        int width,

        @Schema(description = "In pixels, with the orientation applied")
        int height,

        Instant createdAt,

        @Schema(description = "When it is deleted unless it is used before")
        Instant expiresAt) {

    static FileObject of(UploadedFile file) {
        return new FileObject(
                file.id().value(),
                "file",
                file.sha256(),
                file.bytes(),
                file.mediaType(),
                file.width(),
                file.height(),
                file.createdAt(),
                file.expiresAt());
    }
}
