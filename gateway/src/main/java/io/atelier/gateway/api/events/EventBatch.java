package io.atelier.gateway.api.events;

import java.util.List;

/**
 * Events in the order in which they were read, and the cursor after them.
 *
 * @param events may be empty, for instance because none were published for a moment
 */
record EventBatch(List<Event> events, String cursor) {

    EventBatch {
        events = List.copyOf(events);
    }

    /**
     * An event.
     *
     * @param name the name in streams, such as {@code generation.started}
     * @param json the value of the record in Kafka
     * @param cursor the cursor after it
     */
    record Event(String name, String json, String cursor) {}
}
