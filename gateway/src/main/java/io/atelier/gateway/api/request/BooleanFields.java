package io.atelier.gateway.api.request;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads fields that are true or false. */
final class BooleanFields {

    private BooleanFields() {}

    /** The value of a field; empty if it is absent, and after an error. */
    static Optional<Boolean> read(JsonFields fields, String name) {
        fields.value(name)
                .filter(value -> !value.isBoolean())
                .ifPresent(value ->
                        fields.error(name, "Must be true or false, not %s.".formatted(JsonFields.kind(value))));
        return fields.value(name).filter(JsonNode::isBoolean).map(JsonNode::booleanValue);
    }
}
