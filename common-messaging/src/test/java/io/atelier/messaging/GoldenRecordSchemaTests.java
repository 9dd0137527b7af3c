package io.atelier.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.atelier.contract.schema.Schema;
import io.atelier.contract.schema.Schemas;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Validates the golden records of all versions against the schemas of all versions. */
class GoldenRecordSchemaTests {

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** Every public record of every version with the schema of every version that has its type. */
    static Stream<Arguments> recordsAndSchemas() {
        return Stream.concat(
                        Schemas.versions().stream(),
                        Stream.of(
                                GoldenRecord.FULL,
                                GoldenRecord.PROVIDER_CALLS,
                                GoldenRecord.SPLITS,
                                GoldenRecord.EDITS,
                                GoldenRecord.USAGE,
                                GoldenRecord.WEBHOOKS,
                                GoldenRecord.AVATARS))
                .flatMap(writer -> GoldenRecord.names(writer).stream()
                        .flatMap(name -> Schemas.versions().stream()
                                .map(reader -> new Schema(name, reader))
                                .filter(schema -> Schemas.of(schema.version()).contains(schema))
                                .map(schema -> Arguments.of(name, writer, schema))));
    }

    @ParameterizedTest(name = "{0} of {1} under {2}")
    @MethodSource("recordsAndSchemas")
    void aRecordOfAnyVersionIsValidInEveryOther(String name, String writer, Schema schema) {
        assertThat(errors(schema, GoldenRecord.read(writer, name).content().get("value")))
                .isEmpty();
    }

    @Test
    void everyPublicRecordNamesItsSchema() {
        for (var schema : Schemas.newest()) {
            if (!schema.name().equals(Schemas.DEFINITIONS)) {
                var golden = GoldenRecord.read(Schemas.NEWEST, schema.name());

                assertThat(golden.header("ce_type")).isEqualTo(schema.type());
                assertThat(golden.header("ce_dataschema"))
                        .isEqualTo(schema.uri().toString());
            }
        }
    }

    @Test
    void anInternalRecordNamesNoSchema() {
        assertThat(GoldenRecord.read(Schemas.NEWEST, "task-failed").header("ce_dataschema"))
                .isEmpty();
    }

    @Test
    void anInvalidRecordIsFound() {
        var schema = new Schema("generation-succeeded", Schemas.NEWEST);
        var value = (ObjectNode)
                GoldenRecord.read(Schemas.NEWEST, schema.name()).content().get("value");

        ((ObjectNode) value.at("/job/images/0")).remove("sha256");
        value.put("status", "done");
        value.put("at", "yesterday");

        assertThat(errors(schema, value)).hasSize(3);
    }

    private static List<com.networknt.schema.Error> errors(Schema schema, JsonNode value) {
        return REGISTRY.getSchema(SchemaLocation.of("classpath:io/atelier/contract/schemas/" + schema.path()))
                .validate(
                        value.toString(),
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }
}
