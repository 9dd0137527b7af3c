package io.atelier.worker.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * How the device of a canceled engine became free.
 *
 * @param after the time from the receipt of the cancellation to the end of the engine, or until now if it has not ended
 * @param by what ended the engine: {@link #ENGINE}, {@link #INTERRUPT}, {@link #RESTART} or {@link #NOTHING}
 * @param end completes when the engine has ended, with its result or exception
 */
public record DeviceRelease(Duration after, String by, CompletableFuture<?> end) {

    /** The engine reacted to the cancellation. */
    public static final String ENGINE = "engine";

    /** The engine's thread was interrupted. */
    public static final String INTERRUPT = "interrupt";

    /** The process ends, and the engine with it. */
    public static final String RESTART = "restart";

    /** The engine has not ended. */
    public static final String NOTHING = "nothing";

    /** Whether the engine has not ended. */
    public boolean isStuck() {
        return by.equals(NOTHING);
    }
}
