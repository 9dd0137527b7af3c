package io.atelier.generator.engine.openai.wire;

import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Parses the server-sent events of an image that is being generated. Each event is JSON in one line, with its kind in the member {@code type}. */
final class OpenAiEventStream {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIELD = "data:";

    private OpenAiEventStream() {}

    /** All events of a complete stream, in order. */
    static List<JsonNode> events(String text) {
        return text.lines().flatMap(line -> event(line).stream()).toList();
    }

    /** The event in the line; empty if the line has none. */
    static Optional<JsonNode> event(String line) {
        if (!line.startsWith(FIELD)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(line.substring(FIELD.length()))).filter(JsonNode::isObject);
        } catch (JacksonException e) {
            // The stream ends with the marker [DONE], which is not JSON.
            return Optional.empty();
        }
    }

    /** Whether the event has a partial image. */
    static boolean isPartialImage(JsonNode event) {
        return event.path("type").asString("").endsWith(".partial_image");
    }

    /** Whether the event has the final image. */
    static boolean isImage(JsonNode event) {
        return event.path("type").asString("").endsWith(".completed");
    }

    /** Whether the event reports that the generation failed. */
    static boolean isError(JsonNode event) {
        var type = event.path("type").asString("");
        return OpenAiErrorResponse.isIn(event) || type.equals("error") || type.endsWith(".failed");
    }
}
