package io.atelier.gateway.api.request;

import io.atelier.contract.image.FileId;
import io.atelier.contract.image.StoredImage;
import io.atelier.gateway.files.format.CleanImageFile;

/**
 * An image that was in a request itself, as a data URL. It must be stored as a file before the request is published, because records have no bytes.
 *
 * @param id the id that the file will have
 */
public record InlineImage(FileId id, CleanImageFile file) {

    /** The image as it will be stored, without its key. */
    public StoredImage preview() {
        return new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                "",
                id.sha256(),
                file.bytes().length,
                file.mediaType(),
                file.width(),
                file.height(),
                null,
                null);
    }
}
