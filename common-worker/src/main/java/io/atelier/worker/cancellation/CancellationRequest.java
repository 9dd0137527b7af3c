package io.atelier.worker.cancellation;

import java.time.Duration;

/**
 * The cancellation of a job, as this process received it.
 *
 * @param grace how long an engine may take to stop by itself
 * @param receivedNanos time of receipt by {@link System#nanoTime}, which a clock that is set cannot change
 */
public record CancellationRequest(Duration grace, long receivedNanos) {

    /** A request that is received now. */
    public static CancellationRequest receivedNow(Duration grace) {
        return new CancellationRequest(grace, System.nanoTime());
    }

    /** The time since the request was received. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - receivedNanos);
    }
}
