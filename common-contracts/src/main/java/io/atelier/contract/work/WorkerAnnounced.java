package io.atelier.contract.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A heartbeat of a worker: its identity, load and engines. A worker publishes it when it starts, every few seconds, and once more when it
 * stops.
 *
 * @param id id of the worker, stable for the life of the process; also the key of the record
 * @param kind {@code generator} or {@code splitter}
 * @param pool pool whose tasks the worker leases; the empty string for splitters
 * @param engines names of the engines that are ready, in alphabetical order
 * @param device device that the engines run on, such as {@code cpu}; the preferred one of several
 * @param slots number of tasks that the worker can run at the same time
 * @param running number of tasks that the worker runs now, of all kinds
 * @param runningBesideSlots how many of these take none of the slots: prompts that it writes, images that it publishes, and
 *     tasks whose images are being stored; null if none
 * @param startedAt when the worker started
 * @param at when the worker published this heartbeat
 * @param heartbeatMillis milliseconds until the next heartbeat; readers may consider the worker lost after three times this interval
 * @param leaving whether the worker is stopping and leases no further tasks; true only in its last heartbeat
 * @param engineStates state of each engine, including engines that lack a setting; null if the worker runs a version that does not report
 *     states
 * @param models the models that the worker runs itself, in alphabetical order; null for a worker without a models folder, or if it runs a
 *     version that does not report models
 * @param devices the devices on which the worker runs models, the preferred one first: it leases tasks that require one of them. Null for a worker
 *     that runs no models, or if it runs a version that does not lease such tasks
 */
public record WorkerAnnounced(
        String id,
        String kind,
        String pool,
        List<String> engines,
        String device,
        int slots,
        int running,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer runningBesideSlots,

        Instant startedAt,
        Instant at,
        long heartbeatMillis,
        boolean leaving,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<EngineState> engineStates,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<LocalModel> models,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> devices) {

    public static final String GENERATOR = "generator";
    public static final String SPLITTER = "splitter";

    public WorkerAnnounced {
        engines = List.copyOf(engines);
        engineStates = engineStates == null ? null : List.copyOf(engineStates);
        models = models == null ? null : List.copyOf(models);
        devices = devices == null ? null : List.copyOf(devices);
    }

    /** The announcement of a worker that leases no tasks for devices. */
    public WorkerAnnounced(
            String id,
            String kind,
            String pool,
            List<String> engines,
            String device,
            int slots,
            int running,
            @Nullable Integer runningBesideSlots,
            Instant startedAt,
            Instant at,
            long heartbeatMillis,
            boolean leaving,
            @Nullable List<EngineState> engineStates,
            @Nullable List<LocalModel> models) {
        this(
                id,
                kind,
                pool,
                engines,
                device,
                slots,
                running,
                runningBesideSlots,
                startedAt,
                at,
                heartbeatMillis,
                leaving,
                engineStates,
                models,
                null);
    }

    /** The number of slots in use. */
    public int usedSlots() {
        return running - besideSlots();
    }

    /** The number of running tasks that take no slot. */
    public int besideSlots() {
        return runningBesideSlots == null ? 0 : runningBesideSlots;
    }

    /**
     * The state of an engine.
     *
     * @param engine name of the engine
     * @param state {@code ready}, {@code failing} (its provider failed so often that the circuit breaker is open) or {@code not_configured}
     * @param detail explanation for people: the missing setting or the kind of failure; the empty string if there is none
     * @param devices the devices of the worker on which the engine runs; null for none that a request can require, or if the worker runs a version
     *     that does not report them
     */
    public record EngineState(
            String engine,
            String state,
            String detail,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<String> devices) {

        public static final String READY = "ready";
        public static final String FAILING = "failing";
        public static final String NOT_CONFIGURED = "not_configured";

        public EngineState {
            devices = devices == null ? null : List.copyOf(devices);
        }

        /** The state of an engine on no device that a request can require. */
        public EngineState(String engine, String state, String detail) {
            this(engine, state, detail, null);
        }
    }
}
