package io.atelier.worker.presence;

import io.atelier.contract.work.LocalModel;
import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.contract.work.WorkerAnnounced.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a worker that do not change while it runs.
 *
 * @param kind one of the words of {@link WorkerAnnounced}
 * @param pool from which it takes tasks; the empty string for splitters
 * @param engines names of its engines, in any order; of a worker whose engines have a state, the states count
 * @param devices the devices on which it runs models, the preferred one first; empty if it leases no tasks that require one
 */
public record WorkerInfo(
        String id, String kind, String pool, List<String> engines, String device, int slots, List<String> devices) {

    public WorkerInfo {
        engines = engines.stream().sorted().toList();
        devices = List.copyOf(devices);
    }

    /** A worker that leases no tasks that require a device. */
    public WorkerInfo(String id, String kind, String pool, List<String> engines, String device, int slots) {
        this(id, kind, pool, engines, device, slots, List.of());
    }

    WorkerAnnounced announced(WorkerLoad load, Instant startedAt, Instant at, Duration interval, boolean leaving) {
        // A task whose images are being stored has freed its slot for another one.
        int besideSlots = load.besideSlots() + Math.max(0, load.running() - slots);
        return new WorkerAnnounced(
                id,
                kind,
                pool,
                load.ready().orElse(engines),
                device,
                slots,
                load.running() + load.besideSlots(),
                besideSlots == 0 ? null : besideSlots,
                startedAt,
                at,
                interval.toMillis(),
                leaving,
                load.engines(),
                load.models() == null || load.models().isEmpty() ? null : load.models(),
                devices.isEmpty() ? null : devices);
    }

    /**
     * The properties of a worker that change while it runs.
     *
     * @param running number of running tasks that are given a slot each
     * @param besideSlots number of running tasks that never take one of the slots
     * @param engines states of its engines; null for a worker whose engines have no state
     * @param models the models that it runs itself; null or empty for a worker that has none
     */
    public record WorkerLoad(
            int running,
            int besideSlots,
            @Nullable List<EngineState> engines,
            @Nullable List<LocalModel> models) {

        /** The load of a worker that has no models of its own. */
        public WorkerLoad(int running, int besideSlots, @Nullable List<EngineState> engines) {
            this(running, besideSlots, engines, null);
        }

        /** The names of the engines that lack no setting; empty if the engines have no state. Models come and go while a worker runs. */
        private Optional<List<String>> ready() {
            return Optional.ofNullable(engines)
                    .map(states -> states.stream()
                            .filter(state -> !state.state().equals(EngineState.NOT_CONFIGURED))
                            .map(EngineState::engine)
                            .sorted()
                            .toList());
        }
    }
}
