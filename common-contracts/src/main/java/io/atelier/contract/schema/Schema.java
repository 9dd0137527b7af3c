package io.atelier.contract.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A JSON Schema (2020-12) as it lies in this jar. Schemas carry no {@code $id} and refer to each other by relative paths, so that they fit
 * together wherever they are put.
 *
 * @param name what it describes, such as {@code generation-succeeded}; or what others have in common, {@link Schemas#DEFINITIONS}
 * @param version of the whole set, such as {@code 1.1}
 */
public record Schema(String name, String version) {

    private static final String FOLDER = "/io/atelier/contract/schemas/";

    /** The name that a CloudEvent's {@code dataschema} bears; it stays the same wherever the schema is served. */
    public URI uri() {
        return URI.create("urn:atelier:schema:" + name + ":" + version);
    }

    /** Where it lies below the folder of all schemas, in this jar and at a gateway's {@code /schemas/}. */
    public String path() {
        return name + "/" + version + ".json";
    }

    /** The CloudEvents type of the data it describes, such as {@code io.atelier.generation.succeeded.v1}. */
    public String type() {
        var major = version.substring(0, version.indexOf('.'));
        return "io.atelier." + name.replaceFirst("-", ".") + ".v" + major;
    }

    /** The schema itself, JSON. */
    public String text() {
        try (var file = Schema.class.getResourceAsStream(FOLDER + path())) {
            if (file == null) {
                throw new IllegalStateException("There is no schema " + path());
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The schema " + path() + " cannot be read", e);
        }
    }
}
