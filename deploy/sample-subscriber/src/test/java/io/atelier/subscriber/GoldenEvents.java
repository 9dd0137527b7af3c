package io.atelier.subscriber;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden records of the contract with a chosen job id; otherwise byte-equal to real records. */
final class GoldenEvents {

    static final List<String> ALL = List.of(
            "generation-accepted",
            "generation-started",
            "generation-retry-scheduled",
            "generation-splitting",
            "generation-cancel-requested",
            "generation-succeeded",
            "generation-failed",
            "generation-canceled",
            "generation-expired",
            "generation-erased");

    private static final JsonMapper JSON = new JsonMapper();

    private GoldenEvents() {}

    /** A job id for a number from 0 to 9. */
    static String job(int number) {
        return "gen_01kb9q4v6ye7m8c3r5t2w0x10" + number;
    }

    static ProducerRecord<String, byte[]> event(String name, String job) {
        return record(golden(name, job));
    }

    /** An event of an unknown type in a known format. */
    static ProducerRecord<String, byte[]> unknown(String job) {
        var text = golden("generation-succeeded", job).toString();
        return record(JSON.readTree(text.replace("generation.succeeded.v1", "generation.rated.v1")));
    }

    /** A success of a later version, with an unknown field and unknown enum constants. */
    static ProducerRecord<String, byte[]> ofLaterVersion(String job) {
        var text = golden("generation-succeeded", job)
                .toString()
                .replace("\"stage\":\"done\"", "\"stage\":\"reviewed\",\"rating\":{\"stars\":5}")
                .replace("\"kind\":\"tile\"", "\"kind\":\"hologram\"");
        return record(JSON.readTree(text));
    }

    /** The state after the golden success, as a record of the compacted topic. */
    static ProducerRecord<String, byte[]> state(String job) {
        var state = golden("generation-state", job);
        var content = JSON.createObjectNode();
        content.put("topic", JobTopicSnapshot.JOBS);
        content.put("key", job);
        content.set("headers", state.get("headers"));
        content.set("value", golden("generation-succeeded", job).at("/value/job"));
        return record(content);
    }

    private static JsonNode golden(String name, String job) {
        var path = "/wire/1.1/" + name + ".json";
        try (var file = Objects.requireNonNull(GoldenEvents.class.getResourceAsStream(path), path)) {
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return JSON.readTree(text.replace("gen_01kb9q4v6ye7m8c3r5t2w0x1za", job));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProducerRecord<String, byte[]> record(JsonNode content) {
        var written = new ProducerRecord<>(
                content.get("topic").asString(),
                content.get("key").asString(),
                content.get("value").toString().getBytes(StandardCharsets.UTF_8));
        for (var header : content.get("headers").properties()) {
            written.headers()
                    .add(new RecordHeader(
                            header.getKey(), header.getValue().asString().getBytes(StandardCharsets.UTF_8)));
        }
        return written;
    }
}
