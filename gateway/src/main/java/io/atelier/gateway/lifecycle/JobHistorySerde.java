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

/** Histories as JSON: each event beside its CloudEvents type, as in the topics. */
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
        return EventCodec.json().writeValueAsBytes(new Page(lines(history.counted()), lines(history.early())));
    }

    private static @Nullable JobHistory read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        var page = EventCodec.read(bytes, Page.class);
        return new JobHistory(events(page.counted()), events(page.early()));
    }

    private static List<Line> lines(List<JobEvent> events) {
        return events.stream()
                .map(event ->
                        new Line(EventCodec.typeOf(event), EventCodec.json().valueToTree(event)))
                .toList();
    }

    private static List<JobEvent> events(List<Line> lines) {
        return lines.stream().map(JobHistorySerde::event).toList();
    }

    private static JobEvent event(Line line) {
        return EventCodec.event(line.type(), line.event())
                .orElseThrow(() -> new UnreadableRecord("A job's history holds an event of type " + line.type()
                        + ", which this version does not know. Run the version that wrote it, or a newer one."));
    }

    /** One history on the disk. */
    record Page(List<Line> counted, List<Line> early) {}

    /** One event on the disk. */
    record Line(String type, JsonNode event) {}
}
