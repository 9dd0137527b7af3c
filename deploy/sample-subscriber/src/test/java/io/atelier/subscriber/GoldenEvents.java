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

/** The golden records of the contract, told of any job: what really comes, byte for byte but for the job's id. */
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

    /** The id of a job, from its number of 0 to 9. */
    static String job(int number) {
        return "gen_01kb9q4v6ye7m8c3r5t2w0x10" + number;
    }

    static ProducerRecord<String, byte[]> event(String name, String job) {
        return record(golden(name, job));
    }

    /** A type of next year, in the form of this year's. */
    static ProducerRecord<String, byte[]> unknown(String job) {
        var text = golden("generation-succeeded", job).toString();
        return record(JSON.readTree(text.replace("generation.succeeded.v1", "generation.praised.v1")));
    }

    /** A success as a later writer says it: with a field and words that nobody knew when the subscriber was built. */
    static ProducerRecord<String, byte[]> later(String job) {
        var text = golden("generation-succeeded", job)
                .toString()
                .replace("\"stage\":\"done\"", "\"stage\":\"admired\",\"mood\":{\"good\":true}")
                .replace("\"kind\":\"tile\"", "\"kind\":\"hologram\"");
        return record(JSON.readTree(text));
    }

    /** The state after the golden success, for the compacted topic. */
    static ProducerRecord<String, byte[]> state(String job) {
        var state = golden("generation-state", job);
        var content = JSON.createObjectNode();
        content.put("topic", JobStates.JOBS);
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
