package io.atelier.gateway.api.webhooks;

import io.atelier.messaging.WebhookDelivery;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a message to a webhook, without its content. */
@Schema(name = "WebhookDelivery")
public record WebhookDeliveryObject(
        @Schema(
                description = "The value of the header webhook-id, the same at each attempt",
                example = "019a9b5c-0000-7000-8000-000000000009")
        String id,

        @Schema(allowableValues = "webhook_delivery") String object,
        @Schema(example = "generation.succeeded") String type,

        @Schema(example = "https://example.org/hooks/atelier")
        String url,

        @Schema(
                allowableValues = {"pending", "delivered", "failed"},
                description =
                        "pending: an attempt is due or planned; delivered: the receiver answered with 200 to 299; failed:"
                                + " no attempt follows unless it is sent again")
        String status,

        @Schema(description = "When the generation ended") Instant createdAt,

        @Schema(description = "The last attempts, oldest first; at most " + WebhookDelivery.MAX_ATTEMPTS_KEPT)
        List<Attempt> attempts,

        @Schema(description = "The earliest time of the next attempt; null if there is none") @Nullable
        Instant nextAttemptAt) {

    static WebhookDeliveryObject of(WebhookDelivery delivery) {
        return new WebhookDeliveryObject(
                delivery.id(),
                "webhook_delivery",
                delivery.type(),
                delivery.url(),
                delivery.status().word(),
                delivery.createdAt(),
                delivery.attempts().stream().map(Attempt::of).toList(),
                delivery.nextAttemptAt());
    }

    /** One attempt to send the message. */
    @Schema(name = "WebhookAttempt")
    record Attempt(
            Instant at,

            @Schema(description = "The status of the response; null if there was none", example = "503") @Nullable
            Integer httpStatus,

            @Schema(description = "Why the attempt failed; null if it did not") @Nullable
            String error,

            @Schema(description = "In milliseconds") long durationMs) {

        static Attempt of(WebhookDelivery.Attempt attempt) {
            return new Attempt(attempt.at(), attempt.httpStatus(), attempt.error(), attempt.millis());
        }
    }

    /** The messages to the webhook of a generation. */
    @Schema(name = "WebhookDeliveries")
    record Listing(@Schema(allowableValues = "list") String object, List<WebhookDeliveryObject> data) {}
}
