package io.atelier.worker.cancellation;

import java.time.Duration;

/**
 * Work is taken back, since its job was canceled.
 *
 * @param grace how long an engine may take to stop by itself
 * @param receivedNanos when this process heard of it, by {@link System#nanoTime}: a clock that is set meanwhile must not change what is measured
 */
public record CancellationRequest(Duration grace, long receivedNanos) {

    /** A recall that was heard just now. */
    public static CancellationRequest receivedNow(Duration grace) {
        return new CancellationRequest(grace, System.nanoTime());
    }

    /** How long ago it was heard. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - receivedNanos);
    }
}
