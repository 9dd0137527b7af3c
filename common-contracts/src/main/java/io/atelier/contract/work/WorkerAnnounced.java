package io.atelier.contract.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker says who it is and how it does: at its start, every few seconds, and once more when it stops.
 *
 * @param id stable for the life of the process; the record's key
 * @param kind {@code generator} or {@code splitter}
 * @param pool whose orders it takes; the empty string for splitters
 * @param engines what it can draw with, in alphabetical order
 * @param device what it draws on, such as {@code cpu}
 * @param slots how many tasks it works on at once
 * @param running how many it works on now
 * @param startedAt when it came to be
 * @param at when it said this
 * @param heartbeatMillis how long until it says so again: whoever hears nothing for three times as long may take it for lost
 * @param leaving whether it takes no more work: its last word
 * @param engineStates how each of its engines does, also those that it cannot draw with for want of a setting; null from a version that
 *     does not say
 */
public record WorkerAnnounced(
        String id,
        String kind,
        String pool,
        List<String> engines,
        String device,
        int slots,
        int running,
        Instant startedAt,
        Instant at,
        long heartbeatMillis,
        boolean leaving,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<EngineState> engineStates) {

    public static final String GENERATOR = "generator";
    public static final String SPLITTER = "splitter";

    public WorkerAnnounced {
        engines = List.copyOf(engines);
        engineStates = engineStates == null ? null : List.copyOf(engineStates);
    }

    /**
     * How an engine does.
     *
     * @param engine its name
     * @param state {@code ready}, {@code failing} (what is behind it failed so often that it is left alone for a while) or
     *     {@code not_configured}
     * @param detail for people: what is missing, or how it fails; the empty string if there is nothing to say
     */
    public record EngineState(String engine, String state, String detail) {

        public static final String READY = "ready";
        public static final String FAILING = "failing";
        public static final String NOT_CONFIGURED = "not_configured";
    }
}
