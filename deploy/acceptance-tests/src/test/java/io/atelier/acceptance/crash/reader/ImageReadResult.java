package io.atelier.acceptance.crash.reader;

import io.atelier.contract.digest.Sha256;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Result of reading an expected image.
 *
 * @param expected the image as described by its event
 * @param firstStatus the HTTP status of the first read; 0 if there was no response
 * @param lastStatus the HTTP status of the decisive read: 200, a refusal, or the last status before the timeout
 * @param sha256 the checksum of the received bytes; empty if there are none
 * @param bytes the number of received bytes
 * @param storedAt the modification time in the store; null for reads over HTTP
 */
public record ImageReadResult(
        ExpectedImage expected,
        int firstStatus,
        int lastStatus,
        String sha256,
        long bytes,
        @Nullable Instant storedAt) {

    /** A read that returned bytes. */
    static ImageReadResult success(ExpectedImage expected, int firstStatus, byte[] bytes, @Nullable Instant storedAt) {
        return new ImageReadResult(expected, firstStatus, 200, Sha256.of(bytes).hex(), bytes.length, storedAt);
    }

    /** A read that failed. */
    static ImageReadResult failure(ExpectedImage expected, int firstStatus, int lastStatus) {
        return new ImageReadResult(expected, firstStatus, lastStatus, "", 0, null);
    }

    ImageReadResult withFirstStatus(int status) {
        return new ImageReadResult(expected, status, lastStatus, sha256, bytes, storedAt);
    }

    /** Whether the received bytes are those of the expected image. */
    boolean matches() {
        return lastStatus == 200 && sha256.equals(expected.sha256()) && bytes == expected.bytes();
    }

    /** An image as described by an event. */
    public record ExpectedImage(String key, String sha256, long bytes) {

        static ExpectedImage of(JsonNode image) {
            return new ExpectedImage(
                    image.get("key").asString(),
                    image.get("sha256").asString(),
                    image.get("bytes").asLong());
        }
    }
}
