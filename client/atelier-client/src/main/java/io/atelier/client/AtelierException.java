package io.atelier.client;

import org.jspecify.annotations.Nullable;

/** A call did not succeed. Its subclasses say why. */
public abstract class AtelierException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AtelierException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
