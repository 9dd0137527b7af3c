package io.atelier.gateway.api.request;

import io.atelier.contract.job.Webhook;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The address that is notified when the job ends. */
@Schema(
        name = "WebhookRequest",
        description = "An address that gets a signed POST when the job has ended. The gateway needs a secret for it")
public record WebhookForm(
        @Schema(
                maxLength = Webhook.MAX_URL_CHARACTERS,
                format = "uri",
                description =
                        "https or http, with a host, without a user or password and without a fragment; in no private"
                                + " network, unless the gateway allows that",
                example = "https://example.org/hooks/atelier")
        String url,

        @ArraySchema(
                minItems = 1,
                maxItems = 4,
                arraySchema = @Schema(description = "The ends that are notified of; left out for all"),
                schema = @Schema(allowableValues = {"succeeded", "failed", "canceled", "expired"}))
        @Nullable
        List<String> events) {}
