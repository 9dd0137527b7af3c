package io.atelier.messaging.engine;

import org.jspecify.annotations.Nullable;

/** A task stopped because it was told to. */
public final class BrokenOff extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Freed freed;

    public BrokenOff() {
        this(null);
    }

    /** @param freed how the device became free; null if nothing was on it */
    BrokenOff(@Nullable Freed freed) {
        super("The task was told to stop.");
        this.freed = freed;
    }

    /** How the device became free; null if nothing was on it. */
    public @Nullable Freed freed() {
        return freed;
    }
}
