package io.atelier.worker.presence;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same of a worker for as long as it lives.
 *
 * @param kind one of the words of {@link WorkerAnnounced}
 * @param pool whose orders it takes; the empty string for splitters
 * @param engines what it can draw with, in any order
 */
public record WorkerInfo(String id, String kind, String pool, List<String> engines, String device, int slots) {

    public WorkerInfo {
        engines = engines.stream().sorted().toList();
    }

    WorkerAnnounced announced(WorkerLoad pulse, Instant startedAt, Instant at, Duration every, boolean leaving) {
        return new WorkerAnnounced(
                id,
                kind,
                pool,
                engines,
                device,
                slots,
                pulse.running(),
                startedAt,
                at,
                every.toMillis(),
                leaving,
                pulse.engines());
    }

    /**
     * What changes of it.
     *
     * @param running how many tasks run now
     * @param engines how its engines do; null for a worker whose engines have nothing to say
     */
    public record WorkerLoad(int running, @Nullable List<EngineState> engines) {}
}
