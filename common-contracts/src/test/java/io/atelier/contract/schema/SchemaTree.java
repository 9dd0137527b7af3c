package io.atelier.contract.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Loads a schema and replaces each {@code $ref} with its target. */
final class SchemaTree {

    private static final JsonMapper JSON = new JsonMapper();

    private SchemaTree() {}

    static ObjectNode of(Schema schema) {
        return (ObjectNode) resolved(JSON.readTree(schema.text()), schema);
    }

    private static JsonNode resolved(JsonNode node, Schema schema) {
        if (node.isArray()) {
            var list = JSON.createArrayNode();
            node.forEach(element -> list.add(resolved(element, schema)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        var object = JSON.createObjectNode();
        for (var property : node.properties()) {
            if (property.getKey().equals("$ref")) {
                object.setAll((ObjectNode) target(property.getValue().asString(), schema));
            } else {
                object.set(property.getKey(), resolved(property.getValue(), schema));
            }
        }
        return object;
    }

    private static JsonNode target(String reference, Schema from) {
        var parts = reference.split("#", 2);
        var to = from;
        if (!parts[0].isEmpty()) {
            to = new Schema(Schemas.DEFINITIONS, from.version());
            if (!parts[0].equals("../" + to.path())) {
                throw new IllegalStateException(
                        from.path() + " refers to " + reference + " and not to its own version");
            }
        }
        var found = JSON.readTree(to.text()).at(parts[1]);
        if (!found.isObject()) {
            throw new IllegalStateException(from.path() + " refers to " + reference + ", which does not exist");
        }
        return resolved(found, to);
    }

    /** The type of a value other than null. */
    static String type(JsonNode schema) {
        var value = nonNull(schema);
        var type = value.path("type");
        return type instanceof ArrayNode several ? several.get(0).asString() : type.asString("");
    }

    static boolean nullable(JsonNode schema) {
        return schema.has("oneOf")
                || (schema.path("type") instanceof ArrayNode several
                        && several.valueStream()
                                .anyMatch(type -> type.asString().equals("null")));
    }

    /** The schema of a value that is not null. */
    static JsonNode nonNull(JsonNode schema) {
        return schema.has("oneOf") ? schema.at("/oneOf/0") : schema;
    }
}
