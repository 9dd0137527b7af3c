package io.atelier.client;

import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Checks the digest that the server sends with an image. */
final class ContentDigest {

    private ContentDigest() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /**
     * Checks the header of RFC 9530, if there is one: a proxy may have changed or cut the bytes.
     *
     * @param digest of the bytes that have arrived
     * @throws AtelierUnreachable if it is another one
     */
    static void require(HttpResponse<?> response, MessageDigest digest) {
        var expected = response.headers().firstValue("Content-Digest");
        var actual = "sha-256=:" + Base64.getEncoder().encodeToString(digest.digest()) + ":";
        if (expected.isPresent()
                && expected.get().startsWith("sha-256=")
                && !expected.get().equals(actual)) {
            throw new AtelierUnreachable("The bytes of the image are not those that the server has.", null);
        }
    }
}
