package io.atelier.acceptance.crash.reader;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * All observations of a job at the end of its round.
 *
 * @param job the id of the job
 * @param events its events in the public topic, in order
 * @param topicState its last state in the compacted topic
 * @param httpState its state over HTTP
 * @param readsAtEvent the reads of its images at the time of the event of its success
 * @param finalReads the reads of its objects in the store at the end
 * @param clockShifted whether a clock was shifted during the round, so that times are not comparable
 */
public record JobObservations(
        String job,
        List<TopicRecord> events,
        Optional<JsonNode> topicState,
        Optional<JsonNode> httpState,
        List<ImageReadResult> readsAtEvent,
        List<ImageReadResult> finalReads,
        boolean clockShifted) {

    public JobObservations {
        events = List.copyOf(events);
        readsAtEvent = List.copyOf(readsAtEvent);
        finalReads = List.copyOf(finalReads);
    }

    /** The terminal events, including repetitions. */
    List<TopicRecord> terminalEvents() {
        return events.stream().filter(TopicRecord::isTerminalEvent).toList();
    }

    /** The time of the first terminal event. */
    Optional<Instant> endedAt() {
        return terminalEvents().stream().findFirst().map(TopicRecord::timestamp);
    }

    /** The number of repeated events. */
    public long repetitions() {
        return events.size() - events.stream().map(TopicRecord::id).distinct().count();
    }
}
