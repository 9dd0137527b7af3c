package io.atelier.gateway.api.events;

import java.util.List;

/**
 * Some events in the order in which they were read, and the place after them.
 *
 * @param events may be none, for instance because nothing happened for a moment
 */
record EventBatch(List<Event> events, String cursor) {

    EventBatch {
        events = List.copyOf(events);
    }

    /**
     * An event.
     *
     * @param name as in streams: {@code generation.started}
     * @param json its data, as it lies in Kafka
     * @param cursor the place after it
     */
    record Event(String name, String json, String cursor) {}
}
