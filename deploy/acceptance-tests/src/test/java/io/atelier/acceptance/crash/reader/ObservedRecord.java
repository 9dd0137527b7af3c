package io.atelier.acceptance.crash.reader;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A record of one of the topics, as any stranger can read it.
 *
 * @param topic without the system's prefix
 * @param job the key
 * @param type the CloudEvents type
 * @param id the CloudEvents id
 * @param sequence the CloudEvents sequence; 0 if there is none
 * @param text the value
 * @param written when, by the record's own time
 */
public record ObservedRecord(
        String topic,
        int partition,
        long offset,
        String job,
        String type,
        String id,
        int sequence,
        String text,
        Instant written) {

    static final String PREFIX = "atelier.";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static ObservedRecord of(ConsumerRecord<String, byte[]> read) {
        var sequence = header(read, "ce_sequence");
        return new ObservedRecord(
                read.topic().substring(PREFIX.length()),
                read.partition(),
                read.offset(),
                read.key() == null ? "" : read.key(),
                header(read, "ce_type"),
                header(read, "ce_id"),
                sequence.isEmpty() ? 0 : Integer.parseInt(sequence),
                read.value() == null ? "null" : new String(read.value(), StandardCharsets.UTF_8),
                Instant.ofEpochMilli(read.timestamp()));
    }

    /** The value as JSON. */
    public JsonNode json() {
        return JSON.readTree(text);
    }

    /** Whether the CloudEvents type is {@code io.atelier.KIND.v1}. */
    public boolean is(String kind) {
        return type.equals("io.atelier." + kind + ".v1");
    }

    /** Whether the job is over with it. */
    public boolean isTerminalEvent() {
        return topic.equals("events")
                && (is("generation.succeeded")
                        || is("generation.failed")
                        || is("generation.canceled")
                        || is("generation.expired"));
    }

    @Override
    public String toString() {
        return "%s %s-%d@%d %s seq=%d id=%s %s".formatted(written, topic, partition, offset, type, sequence, id, text);
    }

    private static String header(ConsumerRecord<String, byte[]> read, String name) {
        var header = read.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
