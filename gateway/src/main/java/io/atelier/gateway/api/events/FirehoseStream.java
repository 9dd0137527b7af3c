package io.atelier.gateway.api.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Tells one client of all events that it wants to hear of. Also tells the place in the topic when that moves without an event: at the
 * beginning, and past events that are not wanted, with the heartbeat. Not thread-safe.
 */
final class FirehoseStream {

    private final Set<String> types;
    private String cursor = "";
    private String told = "";

    /** @param types the names of the events to tell of */
    FirehoseStream(Set<String> types) {
        this.types = types;
    }

    List<ServerSentEvent<String>> batch(EventBatch batch) {
        var blocks = new ArrayList<ServerSentEvent<String>>();
        if (told.isEmpty()) {
            blocks.add(SseFrames.<String>retry().id(batch.cursor()).build());
            told = batch.cursor();
        }
        for (var event : batch.events()) {
            if (types.contains(event.name())) {
                blocks.add(ServerSentEvent.builder(event.json())
                        .id(event.cursor())
                        .event(event.name())
                        .build());
                told = event.cursor();
            }
        }
        cursor = batch.cursor();
        return blocks;
    }

    /** None before the first batch: what fails until then is told as a problem, and not by a stream that breaks. */
    List<ServerSentEvent<String>> heartbeat() {
        if (told.isEmpty()) {
            return List.of();
        }
        var block = SseFrames.<String>heartbeat();
        if (!told.equals(cursor)) {
            told = cursor;
            block.id(cursor);
        }
        return List.of(block.build());
    }
}
