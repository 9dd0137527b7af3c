package io.atelier.acceptance.crash.reader;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * All that is known of a job when its round is over.
 *
 * @param job its id
 * @param events what the public topic says of it, in its order
 * @param kept the last state on the compacted topic
 * @param shown what HTTP shows
 * @param announced the reads of its pictures at the moment when success was announced
 * @param stored the reads of its pictures in the store, at the end
 * @param clockMoved whether a clock was moved during the round, so that times prove nothing
 */
public record Evidence(
        String job,
        List<ObservedRecord> events,
        Optional<JsonNode> kept,
        Optional<JsonNode> shown,
        List<ImageRead> announced,
        List<ImageRead> stored,
        boolean clockMoved) {

    public Evidence {
        events = List.copyOf(events);
        announced = List.copyOf(announced);
        stored = List.copyOf(stored);
    }

    /** The terminal events, repetitions included. */
    List<ObservedRecord> ends() {
        return events.stream().filter(ObservedRecord::isTerminalEvent).toList();
    }

    /** When success was first announced. */
    Optional<Instant> announcedAt() {
        return ends().stream().findFirst().map(ObservedRecord::written);
    }

    /** How many events were said again. */
    public long repetitions() {
        return events.size()
                - events.stream().map(ObservedRecord::id).distinct().count();
    }
}
