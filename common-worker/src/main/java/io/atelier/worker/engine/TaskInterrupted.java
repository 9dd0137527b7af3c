package io.atelier.worker.engine;

import org.jspecify.annotations.Nullable;

/** A task stopped because its cancellation was requested. */
public final class TaskInterrupted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable DeviceRelease deviceRelease;

    public TaskInterrupted() {
        this(null);
    }

    /** @param deviceRelease how the device became free; null if no engine ran */
    TaskInterrupted(@Nullable DeviceRelease deviceRelease) {
        super("The task stopped because its cancellation was requested.");
        this.deviceRelease = deviceRelease;
    }

    /** How the device became free; null if no engine ran. */
    public @Nullable DeviceRelease deviceRelease() {
        return deviceRelease;
    }
}
