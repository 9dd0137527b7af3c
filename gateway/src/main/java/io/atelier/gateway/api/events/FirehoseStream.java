package io.atelier.gateway.api.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Makes the server-sent events for one client: the events with the requested names, and heartbeats. The first frame and the heartbeats carry
 * the cursor, so that it also moves past events that were not requested. Not thread-safe.
 */
final class FirehoseStream {

    private final Set<String> types;
    private String cursor = "";
    private String sent = "";

    /** @param types the names of the events to send */
    FirehoseStream(Set<String> types) {
        this.types = types;
    }

    /** The frames for a batch. */
    List<ServerSentEvent<String>> batch(EventBatch batch) {
        var frames = new ArrayList<ServerSentEvent<String>>();
        if (sent.isEmpty()) {
            frames.add(SseFrames.<String>retry().id(batch.cursor()).build());
            sent = batch.cursor();
        }
        for (var event : batch.events()) {
            if (types.contains(event.name())) {
                frames.add(ServerSentEvent.builder(SseJson.oneLine(event.json()))
                        .id(event.cursor())
                        .event(event.name())
                        .build());
                sent = event.cursor();
            }
        }
        cursor = batch.cursor();
        return frames;
    }

    /** A heartbeat, but none before the first batch: a failure until then becomes a problem response instead of a broken stream. */
    List<ServerSentEvent<String>> heartbeat() {
        if (sent.isEmpty()) {
            return List.of();
        }
        var frame = SseFrames.<String>heartbeat();
        if (!sent.equals(cursor)) {
            sent = cursor;
            frame.id(cursor);
        }
        return List.of(frame.build());
    }
}
