package io.atelier.gateway.view.workers;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import io.atelier.gateway.view.models.EngineCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A worker and when it was last heard of.
 *
 * @param said its last word
 * @param lastSeenAt by this gateway's clock: a worker's own may be wrong
 */
public record RegisteredWorker(WorkerAnnounced said, Instant lastSeenAt) {

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

    public boolean has(String pool, String engine) {
        return serves(pool) && said.engines().contains(engine);
    }

    /** The engines that it speaks of, also those that it cannot draw with. */
    Set<String> engines() {
        var names = new TreeSet<>(said.engines());
        states().forEach(state -> names.add(state.engine()));
        return names;
    }

    /** What it says of an engine; empty if it does not know it. Versions that do not say draw with all they name. */
    Optional<EngineCondition> condition(String engine) {
        return states().stream()
                .filter(state -> state.engine().equals(engine))
                .map(state -> new EngineCondition(state.state(), state.detail()))
                .findFirst()
                .or(() -> said.engines().contains(engine)
                        ? Optional.of(new EngineCondition(EngineCondition.READY, ""))
                        : Optional.empty());
    }

    private List<EngineState> states() {
        return said.engineStates() == null ? List.of() : said.engineStates();
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
