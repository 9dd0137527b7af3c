package io.atelier.gateway.workers;

import io.atelier.contract.work.WorkerAnnounced;
import java.time.Duration;
import java.time.Instant;

/**
 * A worker and when it was last heard of.
 *
 * @param said its last word
 * @param lastSeenAt by this gateway's clock: a worker's own may be wrong
 */
public record KnownWorker(WorkerAnnounced said, Instant lastSeenAt) {

    private static final int MISSED = 3;

    /** How it does at the given moment. */
    public Status status(Instant now) {
        if (said.leaving()) {
            return Status.STOPPED;
        }
        var silence = Duration.between(lastSeenAt, now).toMillis();
        if (silence > MISSED * said.heartbeatMillis()) {
            return Status.LOST;
        }
        return said.running() < said.slots() ? Status.READY : Status.BUSY;
    }

    boolean serves(String pool) {
        return said.kind().equals(WorkerAnnounced.GENERATOR) && said.pool().equals(pool);
    }

    boolean has(String pool, String engine) {
        return serves(pool) && said.engines().contains(engine);
    }

    /** How a worker does. */
    public enum Status {
        /** It can take more work. */
        READY,
        /** All its slots are taken. */
        BUSY,
        /** It said that it stops. */
        STOPPED,
        /** Nothing was heard of it for three heartbeats. */
        LOST;

        public boolean live() {
            return this == READY || this == BUSY;
        }
    }
}
