package io.atelier.worker.engine;

import org.jspecify.annotations.Nullable;

/** A task stopped because it was told to. */
public final class TaskInterrupted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable DeviceRelease freed;

    public TaskInterrupted() {
        this(null);
    }

    /** @param freed how the device became free; null if nothing was on it */
    TaskInterrupted(@Nullable DeviceRelease freed) {
        super("The task was told to stop.");
        this.freed = freed;
    }

    /** How the device became free; null if nothing was on it. */
    public @Nullable DeviceRelease freed() {
        return freed;
    }
}
