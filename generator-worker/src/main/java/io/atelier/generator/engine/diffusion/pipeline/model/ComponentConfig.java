package io.atelier.generator.engine.diffusion.pipeline.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON file of a model folder, such as the {@code config.json} of a component. A member that is null counts as absent. Immutable. */
public final class ComponentConfig {

    /** Python writes {@code -Infinity} and {@code NaN}. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final String file;
    private final JsonNode root;

    private ComponentConfig(String file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Parses an object.
     *
     * @param file the name for messages, such as {@code unet/config.json}
     */
    static ComponentConfig parse(String file, String json) {
        try {
            var root = JSON.readTree(json);
            if (!root.isObject()) {
                throw UnusableModel.because(file + " is not a JSON object. Export or download the model again.");
            }
            return new ComponentConfig(file, root);
        } catch (JacksonException e) {
            throw UnusableModel.because(
                    "%s is not valid JSON: %s. Export or download the model again."
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    /** The name of the file, for messages. */
    public String file() {
        return file;
    }

    /** The names of all members. */
    List<String> names() {
        return List.copyOf(root.propertyNames());
    }

    /** Whether the member is present and not null. */
    public boolean has(String name) {
        return root.hasNonNull(name);
    }

    /** An integer that must be present. */
    public int integer(String name) {
        var value = root.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(name, "an integer", value);
        }
        return value.intValue();
    }

    public int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    public double number(String name, double otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        var value = root.path(name);
        if (!value.isNumber()) {
            throw wrong(name, "a number", value);
        }
        return value.doubleValue();
    }

    public boolean flag(String name, boolean otherwise) {
        return has(name) ? root.path(name).asBoolean(otherwise) : otherwise;
    }

    public Optional<String> text(String name) {
        var value = root.path(name);
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /** The texts of an array, in which null counts as an empty text; empty if the member is no array. */
    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        root.path(name).forEach(item -> texts.add(item.isString() ? item.stringValue() : ""));
        return texts;
    }

    /** The numbers of an array; empty if it is absent. */
    public List<Float> numbers(String name) {
        var numbers = new ArrayList<Float>();
        for (var item : root.path(name)) {
            if (!item.isNumber()) {
                throw wrong(name, "an array of numbers", item);
            }
            numbers.add(item.floatValue());
        }
        return numbers;
    }

    /** The number of items of an array; 0 if it is absent. */
    public int count(String name) {
        return root.path(name).isArray() ? root.path(name).size() : 0;
    }

    private RuntimeException wrong(String name, String expected, JsonNode found) {
        String value = found.isMissingNode() ? "nothing" : found.toString();
        return UnusableModel.because("\"%s\" in %s must be %s; found %s. Export or download the model again."
                .formatted(name, file, expected, value));
    }
}
