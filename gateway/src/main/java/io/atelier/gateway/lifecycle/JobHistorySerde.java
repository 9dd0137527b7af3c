package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Serialises a {@link JobHistory} as JSON, each event with its CloudEvents type. */
final class JobHistorySerde {

    private JobHistorySerde() {}

    static Serde<JobHistory> create() {
        Serializer<JobHistory> serializer = (topic, history) -> write(history);
        Deserializer<JobHistory> deserializer = (topic, bytes) -> read(bytes);
        return Serdes.serdeFrom(serializer, deserializer);
    }

    private static byte @Nullable [] write(@Nullable JobHistory history) {
        if (history == null) {
            return null;
        }
        return EventCodec.json()
                .writeValueAsBytes(new StoredHistory(stored(history.applied()), stored(history.pending())));
    }

    private static @Nullable JobHistory read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        var stored = EventCodec.read(bytes, StoredHistory.class);
        return new JobHistory(events(stored.counted()), events(stored.early()));
    }

    private static List<StoredEvent> stored(List<JobEvent> events) {
        return events.stream()
                .map(event -> new StoredEvent(
                        EventCodec.typeOf(event), EventCodec.json().valueToTree(event)))
                .toList();
    }

    private static List<JobEvent> events(List<StoredEvent> stored) {
        return stored.stream().map(JobHistorySerde::event).toList();
    }

    private static JobEvent event(StoredEvent stored) {
        return EventCodec.event(stored.type(), stored.event())
                .orElseThrow(() -> new UnreadableRecord("A job's history contains an event of type " + stored.type()
                        + ", which this version does not support. Run the version that wrote it, or a newer one."));
    }

    /** The JSON of a history. The names of its members are fixed, because old stores contain them. */
    record StoredHistory(List<StoredEvent> counted, List<StoredEvent> early) {}

    /** The JSON of an event. */
    record StoredEvent(String type, JsonNode event) {}
}
