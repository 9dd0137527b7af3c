package io.atelier.messaging;

import org.jspecify.annotations.Nullable;

/** The topics or share groups that the system needs cannot be had; without them nothing can start. */
public final class ProvisioningFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProvisioningFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
