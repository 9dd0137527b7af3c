package io.atelier.contract.work;

import java.time.Instant;
import java.util.List;

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
        boolean leaving) {

    public static final String GENERATOR = "generator";
    public static final String SPLITTER = "splitter";

    public WorkerAnnounced {
        engines = List.copyOf(engines);
    }
}
