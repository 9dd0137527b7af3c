package io.atelier.contract.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The catalogue of all schemas in all versions. A released version never changes; a change of any schema makes a new version of the whole
 * set.
 */
public final class Schemas {

    /** The name of the schema with the definitions that the other schemas of a version share. */
    public static final String DEFINITIONS = "definitions";

    /** The version that writers put into {@code dataschema}. */
    public static final String NEWEST = "1.5";

    private static final List<String> FIRST_NAMES = List.of(
            DEFINITIONS,
            "generation-accepted",
            "generation-failed",
            "generation-retry-scheduled",
            "generation-splitting",
            "generation-started",
            "generation-state",
            "generation-succeeded",
            "task-progressed");

    private static final List<String> NAMES_SINCE_1_1 = List.of(
            "generation-cancel-requested",
            "generation-canceled",
            "generation-erased",
            "generation-expired",
            "worker-announced");

    private static final List<String> NAMES_SINCE_1_4 = List.of("generation-advanced");

    private static final Map<String, List<Schema>> BY_VERSION = byVersion();

    private static final Map<String, Schema> BY_TYPE = newest().stream()
            .filter(schema -> !schema.name().equals(DEFINITIONS))
            .collect(Collectors.toUnmodifiableMap(Schema::type, schema -> schema));

    private Schemas() {}

    /** All versions, oldest first. */
    public static List<String> versions() {
        return List.copyOf(BY_VERSION.keySet());
    }

    /**
     * The schemas of a version, in the order of their names.
     *
     * @throws IllegalArgumentException if there is no such version
     */
    public static List<Schema> of(String version) {
        var schemas = BY_VERSION.get(version);
        if (schemas == null) {
            throw new IllegalArgumentException(
                    "There is no version " + version + " of the schemas; there are " + versions());
        }
        return schemas;
    }

    /** The schemas of the records that this version of Atelier writes. */
    public static List<Schema> newest() {
        return of(NEWEST);
    }

    /** The newest schema of the data of a CloudEvents type; empty if the type is internal. */
    public static Optional<Schema> ofType(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    private static Map<String, List<Schema>> byVersion() {
        var versions = new LinkedHashMap<String, List<Schema>>();
        versions.put("1.0", named("1.0", FIRST_NAMES.stream()));
        for (var version : List.of("1.1", "1.2", "1.3")) {
            versions.put(version, named(version, Stream.concat(FIRST_NAMES.stream(), NAMES_SINCE_1_1.stream())));
        }
        for (var version : List.of("1.4", NEWEST)) {
            var names = Stream.of(FIRST_NAMES, NAMES_SINCE_1_1, NAMES_SINCE_1_4).flatMap(List::stream);
            versions.put(version, named(version, names));
        }
        return versions;
    }

    private static List<Schema> named(String version, Stream<String> names) {
        return names.sorted().map(name -> new Schema(name, version)).toList();
    }
}
