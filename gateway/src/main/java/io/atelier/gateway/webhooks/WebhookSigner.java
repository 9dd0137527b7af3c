package io.atelier.gateway.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Signs messages with all secrets, by the specification Standard Webhooks. Thread-safe. */
final class WebhookSigner {

    private final List<WebhookSecret> secrets;

    WebhookSigner(List<String> secrets) {
        this.secrets = secrets.stream().map(WebhookSecret::of).toList();
    }

    /** The header {@code webhook-timestamp}: seconds since 1970. */
    static String timestamp(Instant at) {
        return Long.toString(at.getEpochSecond());
    }

    /**
     * The header {@code webhook-signature}: the signature by each secret, separated by spaces.
     *
     * @param id the header {@code webhook-id}
     * @param at time of the attempt
     */
    String signature(String id, Instant at, String body) {
        var signed = id + "." + timestamp(at) + "." + body;
        return secrets.stream().map(secret -> secret.sign(signed)).collect(Collectors.joining(" "));
    }
}
