package io.atelier.messaging.presence;

import io.atelier.contract.work.WorkerAnnounced;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What stays the same of a worker for as long as it lives.
 *
 * @param kind one of the words of {@link WorkerAnnounced}
 * @param pool whose orders it takes; the empty string for splitters
 * @param engines what it can draw with, in any order
 */
public record Presence(String id, String kind, String pool, List<String> engines, String device, int slots) {

    public Presence {
        engines = engines.stream().sorted().toList();
    }

    WorkerAnnounced announced(int running, Instant startedAt, Instant at, Duration every, boolean leaving) {
        return new WorkerAnnounced(
                id, kind, pool, engines, device, slots, running, startedAt, at, every.toMillis(), leaving, null);
    }
}
