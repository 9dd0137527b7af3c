package io.atelier.gateway.webhooks;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the messages to webhooks, {@code io.atelier.webhooks}.
 *
 * @param secrets {@code whsec_} and 24 to 64 bytes in Base64, at most four; each one signs every message, so that a receiver accepts messages
 *     while a secret is replaced. If it is empty, the gateway accepts no webhooks and sends nothing
 * @param addresses {@code public} refuses receivers in private networks; {@code any} allows them
 * @param requestTimeout for one attempt, from the look-up of the host to the end of the response
 * @param hostConnections the largest number of attempts at the same time to one host
 * @param connections the largest number of attempts at the same time
 */
@Validated
@ConfigurationProperties("io.atelier.webhooks")
public record WebhookProperties(
        @DefaultValue @Size(max = 4, message = "must be at most four secrets")
        List<String> secrets,

        @DefaultValue("public") WebhookAddresses addresses,
        @DefaultValue("15s") @DurationMin(millis = 1) Duration requestTimeout,
        @DefaultValue("4") @Min(1) @Max(1_000) int hostConnections,
        @DefaultValue("32") @Min(1) @Max(1_000) int connections) {

    public WebhookProperties {
        secrets = secrets.stream()
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .toList();
        if (!secrets.stream().allMatch(WebhookSecret::isValid)) {
            throw new IllegalArgumentException("io.atelier.webhooks.secrets has a wrong entry; each entry must be %s"
                    .formatted(WebhookSecret.FORM));
        }
    }

    /** Whether the gateway accepts webhooks and sends messages to them. */
    public boolean enabled() {
        return !secrets.isEmpty();
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "WebhookProperties[enabled=%s, addresses=%s]".formatted(enabled(), addresses);
    }
}
