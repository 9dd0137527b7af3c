package io.atelier.messaging;

import io.atelier.contract.schema.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import tools.jackson.databind.JsonNode;

/**
 * A record in a golden file below {@code /wire}.
 *
 * @param content topic, key, headers and value
 */
public record GoldenRecord(JsonNode content) {

    /** The folder of the records of the newest version with all optional fields. */
    static final String FULL = Schemas.NEWEST + "/full";

    /** The folder of the records of the newest version with numbers of provider calls. */
    static final String PROVIDER_CALLS = Schemas.NEWEST + "/provider-calls";

    /** The folder of the records of the newest version of a job that only splits a grid. */
    static final String SPLITS = Schemas.NEWEST + "/splits";

    /** The folder of the records of the newest version of a job that changes a part of an uploaded file. */
    static final String EDITS = Schemas.NEWEST + "/edits";

    /** The folder of the records of the newest version of a job whose provider says what it used. */
    static final String USAGE = Schemas.NEWEST + "/usage";

    /** The folder of the records of the newest version of a job with a webhook. */
    static final String WEBHOOKS = Schemas.NEWEST + "/webhooks";

    /** The folder of the records of the newest version of an avatar. */
    static final String AVATARS = Schemas.NEWEST + "/avatars";

    /** The golden form of a record. */
    static GoldenRecord of(ProducerRecord<String, byte[]> record) {
        var content = EventCodec.json().createObjectNode();
        content.put("topic", record.topic());
        content.put("key", record.key());
        var headers = content.putObject("headers");
        Stream.of(record.headers().toArray())
                .sorted(Comparator.comparing(Header::key))
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        content.set("value", EventCodec.json().readTree(record.value()));
        return new GoldenRecord(EventCodec.json().readTree(content.toString()));
    }

    /** The golden record of a version, such as {@code 1.0}. */
    public static GoldenRecord read(String version, String name) {
        var path = "/wire/" + version + "/" + name + ".json";
        try (var file =
                Objects.requireNonNull(GoldenRecord.class.getResourceAsStream(path), () -> "no golden file " + path)) {
            return new GoldenRecord(EventCodec.json().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of all golden records of a version. Works only if the files are not in a jar. */
    static List<String> names(String version) {
        try (var files = Files.list(Path.of(Objects.requireNonNull(GoldenRecord.class.getResource("/wire/" + version))
                .toURI()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json"))
                    .map(file -> file.replace(".json", ""))
                    .sorted()
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("The golden records of " + version + " cannot be listed", e);
        }
    }

    String text() {
        return content.toString();
    }

    byte[] value() {
        return content.get("value").toString().getBytes(StandardCharsets.UTF_8);
    }

    String header(String name) {
        return content.at("/headers/" + name).asString("");
    }
}
