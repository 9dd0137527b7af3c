package io.atelier.gateway.webhooks;

/** The networks in which receivers of messages may be. */
public enum WebhookAddresses {
    /** Addresses in no private network. */
    PUBLIC,
    /** Every address, such as those of this machine. */
    ANY
}
