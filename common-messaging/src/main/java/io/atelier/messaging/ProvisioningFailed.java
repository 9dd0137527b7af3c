package io.atelier.messaging;

import org.jspecify.annotations.Nullable;

/** Thrown if topics or share groups cannot be created or have other properties than required. The process cannot start then. */
public final class ProvisioningFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ProvisioningFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
