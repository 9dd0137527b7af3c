package io.atelier.generator.engine.openai.wire;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events that tell of a picture while it is drawn. Each has its JSON in one line, with its kind in the field {@code type}. */
final class OpenAiEventStream {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIELD = "data:";

    private OpenAiEventStream() {}

    /** All events of a stream that has ended, in order. */
    static List<JsonNode> events(String text) {
        return text.lines().flatMap(line -> event(line).stream()).toList();
    }

    /** The event that the line has; empty if it has none. */
    static Optional<JsonNode> event(String line) {
        if (!line.startsWith(FIELD)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(line.substring(FIELD.length()))).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            // The stream's own end is marked by a word that is no JSON.
            return Optional.empty();
        }
    }

    /** Whether the event has a sketch. */
    static boolean isSketch(JsonNode event) {
        return event.path("type").asString("").endsWith(".partial_image");
    }

    /** Whether the event has the picture. */
    static boolean isImage(JsonNode event) {
        return event.path("type").asString("").endsWith(".completed");
    }

    /** Whether the event says that there will be no picture. */
    static boolean isError(JsonNode event) {
        return event.path("error").isObject();
    }
}
