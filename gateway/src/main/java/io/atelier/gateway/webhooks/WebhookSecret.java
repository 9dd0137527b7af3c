package io.atelier.gateway.webhooks;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret that gateway and receiver share, by the specification Standard Webhooks. Immutable; its text form does not contain it. */
final class WebhookSecret {

    /** What a secret looks like, in words. */
    static final String FORM =
            "whsec_ and the Base64 of 24 to 64 random bytes, such as from: echo whsec_$(openssl rand -base64 32)";

    private static final String PREFIX = "whsec_";
    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private WebhookSecret(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** Whether the text is a secret of the form that {@link #FORM} says. */
    static boolean isValid(String text) {
        int length = bytes(text).length;
        return length >= MIN_BYTES && length <= MAX_BYTES;
    }

    /** @throws IllegalArgumentException if the text is not a valid secret; its message does not contain the text */
    static WebhookSecret of(String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("A secret of webhooks must be " + FORM);
        }
        return new WebhookSecret(bytes(text));
    }

    /** The signature of a text, as the header {@code webhook-signature} has it: {@code v1,} and Base64. */
    String sign(String text) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("Every Java has HMAC-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "WebhookSecret";
    }

    /** The bytes of a secret; none if it is not one. */
    private static byte[] bytes(String text) {
        if (!text.startsWith(PREFIX)) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
