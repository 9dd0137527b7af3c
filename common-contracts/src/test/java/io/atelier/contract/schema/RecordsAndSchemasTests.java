package io.atelier.contract.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.WorkerAnnounced;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Compares the Java records with their newest schemas, field by field. */
class RecordsAndSchemasTests {

    private static final JsonMapper JSON = new JsonMapper();

    private static final Map<Class<?>, List<String>> SIMPLE_TYPES = Map.of(
            String.class, List.of("string", ""),
            Instant.class, List.of("string", "date-time"),
            Duration.class, List.of("string", "duration"),
            int.class, List.of("integer", "int32"),
            long.class, List.of("integer", "int64"),
            double.class, List.of("number", ""),
            boolean.class, List.of("boolean", ""));

    static Stream<Arguments> records() {
        var events = Stream.of(GenerationEvent.class.getPermittedSubclasses())
                .map(event -> Arguments.of("generation-" + kebab(event.getSimpleName()), event));
        return Stream.concat(
                events,
                Stream.of(
                        Arguments.of("generation-state", Job.class),
                        Arguments.of("task-progressed", TaskProgress.class),
                        Arguments.of("worker-announced", WorkerAnnounced.class)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void recordAndSchemaHaveTheSameFields(String name, Class<?> kind) {
        assertThat(differences(name, kind, SchemaTree.of(new Schema(name, Schemas.NEWEST))))
                .isEmpty();
    }

    @Test
    void everySchemaHasARecord() {
        var names = records().map(record -> (String) record.get()[0]).toList();

        assertThat(Schemas.newest().stream().map(Schema::name).filter(name -> !name.equals(Schemas.DEFINITIONS)))
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void differencesAtAnyDepthAreFound() {
        var schema = SchemaTree.of(new Schema("generation-state", Schemas.NEWEST));
        ((ObjectNode) schema.at("/properties/images/items/properties")).remove("sha256");
        ((ObjectNode) schema.at("/properties/request/properties/seed")).put("format", "int32");
        ((ObjectNode) schema.at("/properties")).putObject("extra").put("type", "string");
        ((ObjectNode) schema.at("/properties/created_at"))
                .putArray("type")
                .add("string")
                .add("null");

        assertThat(differences("Job", Job.class, schema))
                .containsExactlyInAnyOrder(
                        "Job.images[].sha256 is not in the schema",
                        "Job.request.seed is integer int64, in the schema integer int32",
                        "Job.extra is in the schema only",
                        "Job.created_at may not be null, in the schema it may");
    }

    private static List<String> differences(String path, Class<?> kind, JsonNode schema) {
        var found = new ArrayList<String>();
        var properties = schema.path("properties");
        var names = new ArrayList<String>();
        for (var component : kind.getRecordComponents()) {
            var name = snake(component.getName());
            names.add(name);
            if (properties.has(name)) {
                found.addAll(differences(path + "." + name, component, properties.get(name)));
            } else {
                found.add(path + "." + name + " is not in the schema");
            }
        }
        properties.propertyNames().stream()
                .filter(name -> !names.contains(name))
                .forEach(name -> found.add(path + "." + name + " is in the schema only"));
        return found;
    }

    private static List<String> differences(String path, RecordComponent component, JsonNode schema) {
        var found = new ArrayList<String>();
        boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (nullable != SchemaTree.nullable(schema)) {
            found.add(path
                    + (nullable ? " may be null, in the schema it may not" : " may not be null, in the schema it may"));
        }
        found.addAll(differences(path, component.getGenericType(), SchemaTree.nonNull(schema)));
        return found;
    }

    private static List<String> differences(String path, Type type, JsonNode schema) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            return Collection.class.isAssignableFrom((Class<?>) generic.getRawType())
                    ? differences(path + "[]", arguments[0], schema.path("items"))
                    : differences(path + "{}", arguments[1], schema.path("additionalProperties"));
        }
        var kind = (Class<?>) type;
        if (kind.isEnum()) {
            return enumDifferences(path, kind, schema);
        }
        if (kind.isRecord() && !isSingleValue(kind)) {
            return differences(path, kind, schema);
        }
        var simple = MethodType.methodType(kind).unwrap().returnType();
        var expected = SIMPLE_TYPES.getOrDefault(simple, List.of("string", ""));
        var actual = List.of(SchemaTree.type(schema), schema.path("format").asString(""));
        return expected.equals(actual)
                ? List.of()
                : List.of("%s is %s, in the schema %s"
                        .formatted(path, String.join(" ", expected), String.join(" ", actual)));
    }

    /** A closed set of values is an {@code enum} in the schema, an open one is listed as {@code examples}. */
    private static List<String> enumDifferences(String path, Class<?> kind, JsonNode schema) {
        var expected = Stream.of(kind.getEnumConstants())
                .map(value -> JSON.valueToTree(value).asString())
                .toList();
        var listed = schema.has("enum") ? schema.get("enum") : schema.path("examples");
        var actual = listed.valueStream().map(JsonNode::asString).toList();
        return expected.equals(actual)
                ? List.of()
                : List.of("%s is one of %s, in the schema one of %s".formatted(path, expected, actual));
    }

    private static boolean isSingleValue(Class<?> kind) {
        return Stream.of(kind.getDeclaredMethods()).anyMatch(method -> method.isAnnotationPresent(JsonValue.class));
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static String kebab(String name) {
        return snake(name).replace('_', '-');
    }
}
