package io.atelier.client;

import org.jspecify.annotations.Nullable;

/** The server could not be reached, or its answer did not arrive whole, also when the request was sent again. Whether the call had an effect is not known. */
public final class AtelierUnreachable extends AtelierException {

    private static final long serialVersionUID = 1L;

    AtelierUnreachable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
