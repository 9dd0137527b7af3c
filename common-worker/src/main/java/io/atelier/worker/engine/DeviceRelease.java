package io.atelier.worker.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * How an engine that was told to stop left its device.
 *
 * @param after from the hearing of the cancellation to the engine's end, or to now if it has not ended
 * @param by what made it end
 * @param end done when the engine has ended, whatever came of it
 */
public record DeviceRelease(Duration after, String by, CompletableFuture<?> end) {

    /** It heard the signal. */
    public static final String ENGINE = "engine";

    /** Its thread was interrupted. */
    public static final String INTERRUPT = "interrupt";

    /** Its process ends, and it with it. */
    public static final String RESTART = "restart";

    /** Nothing did: it goes on. */
    public static final String NOTHING = "nothing";

    /** Whether the engine has not ended. */
    public boolean stuck() {
        return by.equals(NOTHING);
    }
}
