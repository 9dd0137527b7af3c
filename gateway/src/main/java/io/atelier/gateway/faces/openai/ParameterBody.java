package io.atelier.gateway.faces.openai;

import io.atelier.contract.job.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A body while it is translated, parameter by parameter. A parameter that is null reads as absent. Not thread-safe. */
final class ParameterBody {

    private final JsonNode from;
    private final ObjectNode to;
    private final ParameterErrors errors;
    private final Map<String, String> places = new HashMap<>();
    private final List<Job.Warning> warnings = new ArrayList<>();

    /**
     * @param from as the client sent it
     * @param to receives the request in this gateway's own form
     */
    ParameterBody(JsonNode from, ObjectNode to, ParameterErrors errors) {
        this.from = from;
        this.to = to;
        this.errors = errors;
    }

    JsonNode from() {
        return from;
    }

    ObjectNode to() {
        return to;
    }

    ParameterErrors errors() {
        return errors;
    }

    /** See {@link OpenAiRequest}. */
    Map<String, String> places() {
        return places;
    }

    List<Job.Warning> warnings() {
        return warnings;
    }

    boolean isAbsent(String name) {
        return from.path(name).isMissingNode() || from.path(name).isNull();
    }

    /** A text; null if it is absent, and after an error. */
    @Nullable
    String text(String name) {
        if (isAbsent(name)) {
            return null;
        }
        var value = from.get(name);
        if (!value.isString()) {
            errors.invalid(name, "Must be a text.");
            return null;
        }
        return value.stringValue();
    }

    /** A truth value; false if it is absent, and after an error. */
    boolean flag(String name) {
        var value = from.path(name);
        if (!isAbsent(name) && !value.isBoolean()) {
            errors.invalid(name, "Must be true or false.");
        }
        return value.isBoolean() && value.booleanValue();
    }

    /** Copies a parameter to a place with another name. */
    void set(ObjectNode object, String place, String name, String ownName) {
        object.set(ownName, from.get(name));
        places.put(place, "/" + name);
    }

    /** Adds the warning that a parameter has no effect. */
    void ignore(String name, String reason) {
        warnings.add(new Job.Warning(
                "parameter-ignored", "The parameter '%s' has no effect. %s".formatted(shortened(name), reason), null));
    }

    static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }
}
