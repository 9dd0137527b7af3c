package io.atelier.gateway.view.models;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;

/** Knows who is there to draw. */
public interface ModelAvailability {

    /** The live generator workers of a pool. */
    Present of(String pool);

    /** The live generator workers of a pool that have an engine. */
    Present of(String pool, String engine);

    /** Whether it is known that no live worker of a pool has an engine: false while the past is still being read. */
    boolean lacks(String pool, String engine);

    /**
     * How an engine does in a pool. The best that any live worker says of it counts; whether it lacks a setting may be said by workers of
     * other pools, too, since one that cannot draw with it takes no orders for it.
     */
    EngineCondition condition(String pool, String engine);

    /** How all engines do that live workers speak of, by name, each where it does best. */
    Map<String, EngineCondition> conditions();

    /**
     * Workers that are there.
     *
     * @param live how many
     * @param slots how many tasks they can work on at once, together
     */
    @Schema(name = "Crew")
    record Present(
            @Schema(description = "How many are there") int live,

            @Schema(description = "How many tasks they work on at once, together")
            int slots) {

        public static final Present NOBODY = new Present(0, 0);

        public Present plus(Present others) {
            return new Present(live + others.live, slots + others.slots);
        }
    }
}
