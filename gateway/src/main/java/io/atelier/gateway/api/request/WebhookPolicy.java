package io.atelier.gateway.api.request;

/**
 * Which webhooks the gateway accepts.
 *
 * @param isEnabled whether the gateway has a secret to sign messages
 * @param allowsPrivateAddresses whether receivers may be in private networks
 */
public record WebhookPolicy(boolean isEnabled, boolean allowsPrivateAddresses) {

    /** Why a gateway without a secret accepts no webhooks, and what to do. */
    public static final String DISABLED =
            "This gateway sends no messages to webhooks, because it has no secret to sign them. Set"
                    + " ATELIER_WEBHOOK_SECRETS on the gateway";
}
