package io.atelier.gateway.files;

import io.atelier.contract.image.FileId;
import io.atelier.contract.image.StoredImage;
import java.time.Duration;
import java.time.Instant;

/**
 * An image file that a client uploaded.
 *
 * @param key key of its bytes in the object store
 * @param bytes length of the file
 * @param width in pixels, with the orientation applied
 * @param height in pixels, with the orientation applied
 * @param createdAt when it was first uploaded
 * @param expiresAt when it is deleted unless it is used before
 * @param ttl how long it is kept after each use
 */
public record UploadedFile(
        FileId id,
        String key,
        long bytes,
        String mediaType,
        int width,
        int height,
        Instant createdAt,
        Instant expiresAt,
        Duration ttl) {

    /** The SHA-256 of the bytes, 64 lower-case hex digits. */
    public String sha256() {
        return id.sha256();
    }

    /** The file as an image in the store. */
    public StoredImage image() {
        return new StoredImage(0, StoredImage.Kind.IMAGE, key, sha256(), bytes, mediaType, width, height, null, null);
    }

    /** The same file with another end. */
    UploadedFile until(Instant end, Duration duration) {
        return new UploadedFile(id, key, bytes, mediaType, width, height, createdAt, end, duration);
    }
}
