package io.atelier.gateway.view.models;

import io.atelier.contract.job.GenerationRequest;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import java.util.Optional;

/** The live generator workers, by pool and engine. */
public interface ModelAvailability {

    /** The live generator workers of a pool. */
    LiveWorkers of(String pool);

    /** The live generator workers of a pool that have an engine. */
    LiveWorkers of(String pool, String engine);

    /** Whether no live worker of a pool has an engine. False while this is unknown, because the topic of the workers is still being read. */
    boolean lacks(String pool, String engine);

    /** Whether no live worker has the engine of a request on the device that it requires, if it requires one. False while this is unknown. */
    boolean lacks(GenerationRequest request);

    /** Whether there is no live splitter worker. False while this is unknown. */
    boolean lacksSplitter();

    /**
     * The condition of an engine in a pool: the best that any live worker reports. A missing setting counts from workers of other pools,
     * too, because a worker without the setting does not lease tasks of the engine's pool.
     */
    EngineCondition condition(String pool, String engine);

    /** Whether a live worker of a pool has the model of an engine in memory; empty if none runs it itself. */
    Optional<ModelLoad> load(String pool, String engine);

    /** Whether a live worker of any pool has the model of an engine in memory; empty if none runs it itself. */
    Optional<ModelLoad> load(String engine);

    /** The best condition of each engine that live generator workers report, by its name. */
    Map<String, EngineCondition> conditions();

    /**
     * A number of live workers.
     *
     * @param live the number of workers
     * @param slots the number of tasks that they can work on at the same time, in total
     */
    @Schema(name = "LiveWorkers")
    record LiveWorkers(
            @Schema(description = "Number of live workers") int live,

            @Schema(description = "Number of tasks that they can work on at the same time, in total")
            int slots) {

        public static final LiveWorkers NONE = new LiveWorkers(0, 0);

        public LiveWorkers plus(LiveWorkers others) {
            return new LiveWorkers(live + others.live, slots + others.slots);
        }
    }
}
