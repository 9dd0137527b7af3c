package io.atelier.gateway.api.events;

import org.springframework.http.codec.ServerSentEvent;
import tools.jackson.databind.json.JsonMapper;

/** Encodes the data of server-sent events as JSON in one line, whatever a client takes for the end of a line. Thread-safe. */
public final class SseJson {

    private final JsonMapper json;

    SseJson(JsonMapper json) {
        this.json = json;
    }

    /** The same event with its data as JSON. */
    ServerSentEvent<String> encode(ServerSentEvent<Object> event) {
        var encoded = ServerSentEvent.<String>builder();
        var data = event.data();
        if (data != null) {
            encoded.data(oneLine(json.writeValueAsString(data)));
        }
        var id = event.id();
        if (id != null) {
            encoded.id(id);
        }
        var name = event.event();
        if (name != null) {
            encoded.event(name);
        }
        var retry = event.retry();
        if (retry != null) {
            encoded.retry(retry);
        }
        var comment = event.comment();
        if (comment != null) {
            encoded.comment(comment);
        }
        return encoded.build();
    }

    /**
     * The same JSON with U+0085, U+2028 and U+2029 escaped. They end no line of an event stream, but client libraries that split lines as Unicode does
     * would cut the event there. JSON has them in strings only, and escapes line feeds itself.
     */
    public static String oneLine(String json) {
        return json.replace("\u0085", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }
}
