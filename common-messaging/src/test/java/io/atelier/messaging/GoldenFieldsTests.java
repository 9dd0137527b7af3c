package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.schema.Schema;
import io.atelier.contract.schema.Schemas;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Verifies that each optional field of a published schema is set in a golden record of its type. */
class GoldenFieldsTests {

    private static final JsonNode DEFINITIONS = schema(Schemas.DEFINITIONS);

    static List<String> types() {
        return Schemas.newest().stream()
                .map(Schema::name)
                .filter(name -> !name.equals(Schemas.DEFINITIONS))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void everyOptionalFieldIsInAGoldenRecord(String type) {
        var possible = new TreeSet<String>();
        var seen = new TreeSet<String>();

        collect(schema(type), null, possible);
        Stream.of(
                        Schemas.NEWEST,
                        GoldenRecord.FULL,
                        GoldenRecord.PROVIDER_CALLS,
                        GoldenRecord.SPLITS,
                        GoldenRecord.EDITS,
                        GoldenRecord.USAGE,
                        GoldenRecord.WEBHOOKS,
                        GoldenRecord.AVATARS)
                .filter(version -> GoldenRecord.names(version).contains(type))
                .map(version -> GoldenRecord.read(version, type).content().get("value"))
                .forEach(value -> collect(schema(type), value, seen));

        assertThat(seen).isEqualTo(possible);
    }

    /** Collects the optional fields of a schema; if a value is given, only those that the value has. */
    private static void collect(JsonNode schema, @Nullable JsonNode value, Set<String> fields) {
        if (schema.has("$ref")) {
            collect(DEFINITIONS.at(schema.get("$ref").asString().replaceFirst(".*#", "")), value, fields);
        }
        for (var choice : schema.path("oneOf")) {
            collect(choice, value, fields);
        }
        if (value != null) {
            value.valueStream()
                    .filter(item -> schema.has("items"))
                    .forEach(item -> collect(schema.get("items"), item, fields));
        } else if (schema.has("items")) {
            collect(schema.get("items"), null, fields);
        }
        var required =
                schema.path("required").valueStream().map(JsonNode::asString).toList();
        for (var property : schema.path("properties").properties()) {
            if (value != null && !value.has(property.getKey())) {
                continue;
            }
            if (!required.contains(property.getKey())) {
                fields.add(schema.path("description").asString("At the top") + " " + property.getKey());
            }
            collect(property.getValue(), value == null ? null : value.get(property.getKey()), fields);
        }
    }

    private static JsonNode schema(String name) {
        return EventCodec.json().readTree(new Schema(name, Schemas.NEWEST).text());
    }
}
