package io.atelier.acceptance.crash.reader;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A record of one of the topics, as an external consumer reads it.
 *
 * @param topic the topic without the prefix {@code atelier.}
 * @param job the key, which is the id of the job
 * @param type the CloudEvents type
 * @param id the CloudEvents id
 * @param sequence the CloudEvents sequence; 0 if there is none
 * @param text the value as text
 * @param timestamp the timestamp of the record
 */
public record TopicRecord(
        String topic,
        int partition,
        long offset,
        String job,
        String type,
        String id,
        int sequence,
        String text,
        Instant timestamp) {

    static final String PREFIX = "atelier.";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static TopicRecord of(ConsumerRecord<String, byte[]> received) {
        var sequence = header(received, "ce_sequence");
        return new TopicRecord(
                received.topic().substring(PREFIX.length()),
                received.partition(),
                received.offset(),
                received.key() == null ? "" : received.key(),
                header(received, "ce_type"),
                header(received, "ce_id"),
                sequence.isEmpty() ? 0 : Integer.parseInt(sequence),
                received.value() == null ? "null" : new String(received.value(), StandardCharsets.UTF_8),
                Instant.ofEpochMilli(received.timestamp()));
    }

    /** The value as JSON. */
    public JsonNode json() {
        return JSON.readTree(text);
    }

    /** Whether the CloudEvents type is {@code io.atelier.KIND.v1}. */
    public boolean is(String kind) {
        return type.equals("io.atelier." + kind + ".v1");
    }

    /** Whether the record is an event that ends the job. */
    public boolean isTerminalEvent() {
        return topic.equals("events")
                && (is("generation.succeeded")
                        || is("generation.failed")
                        || is("generation.canceled")
                        || is("generation.expired"));
    }

    @Override
    public String toString() {
        return "%s %s-%d@%d %s seq=%d id=%s %s"
                .formatted(timestamp, topic, partition, offset, type, sequence, id, text);
    }

    private static String header(ConsumerRecord<String, byte[]> received, String name) {
        var header = received.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
