package io.atelier.subscriber;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads the CloudEvents headers of a record, and its value as a contract type. */
final class CloudEventReader {

    /** Snake case, and tolerant of unknown fields and enum constants, which later versions may add. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
            .build();

    private CloudEventReader() {}

    /** The CloudEvents type; the empty string if the record has none. */
    static String type(ConsumerRecord<String, byte[]> received) {
        return header(received, "ce_type");
    }

    /**
     * The version of the job, from the header {@code ce_sequence}.
     *
     * @throws NumberFormatException if the record has none
     */
    static int version(ConsumerRecord<String, byte[]> received) {
        return Integer.parseInt(header(received, "ce_sequence"));
    }

    /** @throws tools.jackson.core.JacksonException if the value is not valid JSON of the contract type */
    static <T> T read(ConsumerRecord<String, byte[]> received, Class<T> contract) {
        return JSON.readValue(received.value(), contract);
    }

    private static String header(ConsumerRecord<String, byte[]> received, String name) {
        var header = received.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
