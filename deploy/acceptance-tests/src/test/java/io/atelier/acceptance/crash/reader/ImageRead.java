package io.atelier.acceptance.crash.reader;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What came of reading a picture that somebody was promised.
 *
 * @param promised the picture as the announcement describes it
 * @param first the HTTP status of the first read; 0 if there was no answer
 * @param last the status of the read that decided: 200, a refusal, or the first status if nothing better came in time
 * @param sha256 of the bytes that came; empty if none did
 * @param bytes how many came
 * @param stored when the store says that it took them; null if that was not asked
 */
public record ImageRead(
        Promise promised,
        int first,
        int last,
        String sha256,
        long bytes,
        @Nullable Instant stored) {

    /** A picture of which bytes came. */
    static ImageRead some(Promise promised, int first, byte[] bytes, @Nullable Instant stored) {
        return new ImageRead(promised, first, 200, sha256(bytes), bytes.length, stored);
    }

    /** A picture that could not be had at all. */
    static ImageRead none(Promise promised, int first, int last) {
        return new ImageRead(promised, first, last, "", 0, null);
    }

    /** Whether the promised bytes came. */
    boolean kept() {
        return last == 200 && sha256.equals(promised.sha256()) && bytes == promised.bytes();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** A picture as an announcement describes it. */
    public record Promise(String key, String sha256, long bytes) {

        static Promise of(JsonNode image) {
            return new Promise(
                    image.get("key").asString(),
                    image.get("sha256").asString(),
                    image.get("bytes").asLong());
        }
    }
}
