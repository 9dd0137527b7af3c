package io.atelier.contract.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All schemas of all versions. A version never changes once it was released; a change of any schema makes a new version of them all. */
public final class Schemas {

    /** What the other schemas of a version have in common. */
    public static final String DEFINITIONS = "definitions";

    /** The version that writers name. */
    public static final String NEWEST = "1.1";

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

    private static final Map<String, List<Schema>> BY_VERSION = byVersion();

    private static final Map<String, Schema> BY_TYPE = newest().stream()
            .filter(schema -> !schema.name().equals(DEFINITIONS))
            .collect(Collectors.toUnmodifiableMap(Schema::type, schema -> schema));

    private Schemas() {}

    /** Every version, the oldest one first. */
    public static List<String> versions() {
        return List.copyOf(BY_VERSION.keySet());
    }

    /**
     * The schemas of a version.
     *
     * @throws IllegalArgumentException if there is no such version
     */
    public static List<Schema> of(String version) {
        var schemas = BY_VERSION.get(version);
        if (schemas == null) {
            throw new IllegalArgumentException("There are schemas of " + versions() + "; asked for " + version);
        }
        return schemas;
    }

    /** What is written now. */
    public static List<Schema> newest() {
        return of(NEWEST);
    }

    /** The newest schema of the data of a CloudEvents type; empty if the type is not for others. */
    public static Optional<Schema> ofType(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    private static Map<String, List<Schema>> byVersion() {
        var versions = new LinkedHashMap<String, List<Schema>>();
        versions.put("1.0", named("1.0", FIRST_NAMES.stream()));
        versions.put(NEWEST, named(NEWEST, Stream.concat(FIRST_NAMES.stream(), NAMES_SINCE_1_1.stream())));
        return versions;
    }

    private static List<Schema> named(String version, Stream<String> names) {
        return names.sorted().map(name -> new Schema(name, version)).toList();
    }
}
