package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Serialises a {@link JobHistory} as JSON, each event with its CloudEvents type. */
final class JobHistorySerde {

    private JobHistorySerde() {}

    static Serde<JobHistory> create() {
        return create(TaskPlan.ofRequests());
    }

    /** @param plan decides which tasks the jobs have; the histories contain events only */
    static Serde<JobHistory> create(TaskPlan plan) {
        Serializer<JobHistory> serializer = (topic, history) -> write(history);
        Deserializer<JobHistory> deserializer = (topic, bytes) -> read(bytes, plan);
        return Serdes.serdeFrom(serializer, deserializer);
    }

    private static byte @Nullable [] write(@Nullable JobHistory history) {
        if (history == null) {
            return null;
        }
        var bytes = new ByteArrayOutputStream(4_096);
        // Without objects between: a history is written for each event of its job.
        try (var json = EventCodec.json().createGenerator(bytes)) {
            json.writeStartObject();
            write(json, "counted", history.applied());
            write(json, "early", history.pending());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, String name, List<JobEvent> events) {
        json.writeArrayPropertyStart(name);
        for (var event : events) {
            json.writeStartObject();
            json.writeStringProperty("type", EventCodec.typeOf(event));
            json.writePOJOProperty("event", event);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static @Nullable JobHistory read(byte @Nullable [] bytes, TaskPlan plan) {
        if (bytes == null) {
            return null;
        }
        var stored = EventCodec.read(bytes, StoredHistory.class);
        return new JobHistory(events(stored.counted()), events(stored.early()), plan);
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
