package io.atelier.worker.presence;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a worker that do not change while it runs.
 *
 * @param kind one of the words of {@link WorkerAnnounced}
 * @param pool from which it takes tasks; the empty string for splitters
 * @param engines names of its engines, in any order
 */
public record WorkerInfo(String id, String kind, String pool, List<String> engines, String device, int slots) {

    public WorkerInfo {
        engines = engines.stream().sorted().toList();
    }

    WorkerAnnounced announced(WorkerLoad load, Instant startedAt, Instant at, Duration interval, boolean leaving) {
        return new WorkerAnnounced(
                id,
                kind,
                pool,
                engines,
                device,
                slots,
                load.running(),
                startedAt,
                at,
                interval.toMillis(),
                leaving,
                load.engines());
    }

    /**
     * The properties of a worker that change while it runs.
     *
     * @param running number of running tasks
     * @param engines states of its engines; null for a worker whose engines have no state
     */
    public record WorkerLoad(int running, @Nullable List<EngineState> engines) {}
}
