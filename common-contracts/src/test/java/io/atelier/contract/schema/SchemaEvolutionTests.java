package io.atelier.contract.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A later version only adds optional fields, so that a reader of any version understands the records of every other version. */
class SchemaEvolutionTests {

    /** The keywords that restrict a value, beside its type. */
    private static final Set<String> CONSTRAINTS = Set.of("format", "pattern", "enum", "minimum", "maximum");

    static Stream<Arguments> pairsOfVersions() {
        var versions = Schemas.versions();
        return versions.stream()
                .flatMap(older -> versions.stream()
                        .skip(versions.indexOf(older) + 1L)
                        .flatMap(newer -> Schemas.of(older).stream()
                                .filter(schema -> !schema.name().equals(Schemas.DEFINITIONS))
                                .map(schema -> Arguments.of(schema, new Schema(schema.name(), newer)))));
    }

    static Map<String, Consumer<ObjectNode>> incompatibleChanges() {
        return Map.of(
                "state.request.seed is gone",
                state -> properties(state, "/request").remove("seed"),
                "state.images[].media_type is gone",
                state -> {
                    var image = properties(state, "/images/items");
                    image.set("mime_type", image.remove("media_type"));
                },
                "state.engine_millis was integer, is number",
                state -> properties(state, "")
                        .withObject("engine_millis")
                        .putArray("type")
                        .add("number")
                        .add("null"),
                "state.created_at may be null now",
                state -> properties(state, "")
                        .withObject("created_at")
                        .putArray("type")
                        .add("string")
                        .add("null"),
                "state.created_at has another format",
                state -> properties(state, "").withObject("created_at").put("format", "date"),
                "state.status has another enum",
                state -> ((ArrayNode) properties(state, "").at("/status/enum")).add("paused"),
                "state requires another set of fields",
                state -> ((ArrayNode) state.get("required")).add("history"),
                "state.request requires another set of fields",
                state -> ((ArrayNode) state.at("/properties/request/required")).remove(0),
                "state.request.labels{} was string, is integer",
                state -> ((ObjectNode) properties(state, "/request").at("/labels/additionalProperties"))
                        .put("type", "integer"),
                "state takes no more fields",
                state -> state.put("additionalProperties", false));
    }

    @ParameterizedTest
    @MethodSource("pairsOfVersions")
    void aLaterVersionIsCompatibleWithEarlierOnes(Schema older, Schema newer) {
        assertThat(incompatibilities(older.name(), SchemaTree.of(older), SchemaTree.of(newer)))
                .isEmpty();
    }

    @Test
    void everyIncompatibleChangeIsFound() {
        var original = new Schema("generation-state", "1.0");

        incompatibleChanges().forEach((expected, change) -> {
            var changed = SchemaTree.of(original);
            change.accept(changed);

            assertThat(incompatibilities("state", SchemaTree.of(original), changed))
                    .containsExactly(expected);
        });
    }

    @Test
    void anAddedFieldIsCompatible() {
        var original = new Schema("generation-state", "1.0");
        var changed = SchemaTree.of(original);
        properties(changed, "").putObject("extra").put("type", "string");
        properties(changed, "/images/items").putObject("extra").put("type", "string");

        assertThat(incompatibilities("state", SchemaTree.of(original), changed)).isEmpty();
    }

    private static ObjectNode properties(ObjectNode state, String path) {
        return (ObjectNode) state.at((path.isEmpty() ? "" : "/properties" + path) + "/properties");
    }

    private static List<String> incompatibilities(String path, JsonNode older, JsonNode newer) {
        var found = new ArrayList<String>();
        if (!SchemaTree.nullable(older) && SchemaTree.nullable(newer)) {
            found.add(path + " may be null now");
        }
        var before = SchemaTree.nonNull(older);
        var now = SchemaTree.nonNull(newer);
        if (!SchemaTree.type(before).equals(SchemaTree.type(now))) {
            found.add(path + " was " + SchemaTree.type(before) + ", is " + SchemaTree.type(now));
        }
        CONSTRAINTS.stream()
                .filter(constraint -> !before.path(constraint).equals(now.path(constraint)))
                .forEach(constraint -> found.add(path + " has another " + constraint));
        if (!strings(before.path("required")).equals(strings(now.path("required")))) {
            found.add(path + " requires another set of fields");
        }
        found.addAll(nestedIncompatibilities(path, before, now));
        return found;
    }

    private static List<String> nestedIncompatibilities(String path, JsonNode before, JsonNode now) {
        var found = new ArrayList<String>();
        for (var property : before.path("properties").properties()) {
            var name = path + "." + property.getKey();
            var kept = now.path("properties").path(property.getKey());
            found.addAll(
                    kept.isMissingNode()
                            ? List.of(name + " is gone")
                            : incompatibilities(name, property.getValue(), kept));
        }
        if (before.has("items")) {
            found.addAll(incompatibilities(path + "[]", before.get("items"), now.path("items")));
        }
        if (before.has("additionalProperties")) {
            found.addAll(incompatibilities(
                    path + "{}", before.get("additionalProperties"), now.path("additionalProperties")));
        } else if (now.has("additionalProperties")) {
            found.add(path + " takes no more fields");
        }
        return found;
    }

    private static Set<String> strings(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).collect(Collectors.toCollection(HashSet::new));
    }
}
