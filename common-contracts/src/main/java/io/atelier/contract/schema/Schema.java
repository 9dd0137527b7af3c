package io.atelier.contract.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A JSON Schema (2020-12) that is packaged in this jar. Schemas have no {@code $id} and refer to each other by relative paths, so that they
 * resolve at any base URL.
 *
 * @param name record that the schema describes, such as {@code generation-succeeded}, or {@link Schemas#DEFINITIONS} for shared definitions
 * @param version version of the set of schemas, such as {@code 1.1}
 */
public record Schema(String name, String version) {

    private static final String FOLDER = "/io/atelier/contract/schemas/";

    /** The value of the {@code dataschema} attribute of a CloudEvent; independent of where the schema is served. */
    public URI uri() {
        return URI.create("urn:atelier:schema:" + name + ":" + version);
    }

    /** The path below the folder of all schemas, in this jar and at a gateway's {@code /schemas/}. */
    public String path() {
        return name + "/" + version + ".json";
    }

    /** The CloudEvents type of the data that the schema describes, such as {@code io.atelier.generation.succeeded.v1}. */
    public String type() {
        var major = version.substring(0, version.indexOf('.'));
        return "io.atelier." + name.replaceFirst("-", ".") + ".v" + major;
    }

    /**
     * The JSON text of the schema.
     *
     * @throws IllegalStateException if the jar contains no such schema
     */
    public String text() {
        try (var file = Schema.class.getResourceAsStream(FOLDER + path())) {
            if (file == null) {
                throw new IllegalStateException("The jar contains no schema " + path());
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The schema " + path() + " cannot be read", e);
        }
    }
}
