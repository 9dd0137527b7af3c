package io.atelier.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded server could not start or stop. The message explains the problem and what to do. */
public final class EmbeddedServerFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EmbeddedServerFailed(String message) {
        super(message);
    }

    EmbeddedServerFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
