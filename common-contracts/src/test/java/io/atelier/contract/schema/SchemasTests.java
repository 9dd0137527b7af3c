package io.atelier.contract.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemasTests {

    static Stream<Schema> all() {
        return Schemas.versions().stream().map(Schemas::of).flatMap(List::stream);
    }

    @Test
    void everySchemaFileIsListed() throws IOException, URISyntaxException {
        var folder = Path.of(Objects.requireNonNull(Schemas.class.getResource("/io/atelier/contract/schemas"))
                .toURI());

        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString().replace('\\', '/')))
                    .containsExactlyInAnyOrderElementsOf(all().map(Schema::path).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everySchemaIsAValid2020Schema(Schema schema) {
        var metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(metaSchema.validate(schema.text(), InputFormat.JSON)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everySchemaRefersToItsOwnVersionOnly(Schema schema) {
        assertThat(SchemaTree.of(schema).findValues("$ref")).isEmpty();
    }

    @Test
    void aVersionAddsSchemasAndRemovesNone() {
        assertThat(Schemas.newest().stream().map(Schema::name))
                .containsAll(Schemas.of("1.0").stream().map(Schema::name).toList());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schemas.of("0.9"))
                .withMessageContaining("[1.0, 1.1, 1.2, 1.3, 1.4, 1.5]");
    }

    @Test
    void schemaIsFoundByTheTypeOfItsData() {
        assertThat(Schemas.ofType("io.atelier.generation.retry-scheduled.v1"))
                .contains(new Schema("generation-retry-scheduled", Schemas.NEWEST));
        assertThat(Schemas.ofType("io.atelier.task.failed.v1")).isEmpty();
        assertThat(Schemas.ofType("io.atelier.generation.succeeded.v2")).isEmpty();
    }

    @Test
    void theUriOfASchemaDoesNotDependOnWhereItIsServed() {
        var schema = new Schema("generation-succeeded", "1.0");

        assertThat(schema.uri()).hasToString("urn:atelier:schema:generation-succeeded:1.0");
        assertThat(schema.path()).isEqualTo("generation-succeeded/1.0.json");
        assertThat(schema.type()).isEqualTo("io.atelier.generation.succeeded.v1");
    }
}
