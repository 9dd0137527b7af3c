package io.atelier.gateway.faces.hayhooks;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the parameters of a pipeline as pydantic does in its lax mode: a whole number may be written as {@code 64}, {@code 64.0}, {@code "64"} or
 * {@code " 64 "}. Unlike there, a truth value is no number. Collects the errors. Not thread-safe.
 */
final class LaxParameters {

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,30}(_\\d{1,30}){0,10}(\\.0{0,30})?");

    private final ObjectNode values;
    private final String place;
    private final List<PydanticError> errors = new ArrayList<>();

    /** @param place where the values are: {@code body} or {@code query} */
    LaxParameters(ObjectNode values, String place) {
        this.values = values;
        this.place = place;
    }

    ObjectNode values() {
        return values;
    }

    List<PydanticError> errors() {
        return List.copyOf(errors);
    }

    /** A text that must be there; empty after an error. */
    String text(String name) {
        if (values.has(name)) {
            return text(name, "");
        }
        addMissing(name);
        return "";
    }

    /** Adds the error of a parameter that must be there, and is not. */
    void addMissing(String name) {
        errors.add(PydanticError.of("missing", List.of(place, name), "Field required", values));
    }

    /** A text; the standard one if it is absent, and after an error. */
    String text(String name, String standard) {
        var value = values.get(name);
        if (value == null) {
            return standard;
        }
        if (!value.isString()) {
            add("string_type", name, "Input should be a valid string");
            return standard;
        }
        return value.stringValue();
    }

    /** A whole number; the standard one if it is absent, and after an error. */
    int integer(String name, int min, int max, int standard) {
        var value = values.get(name);
        if (value == null) {
            return standard;
        }
        var number = number(name, value);
        if (number == null) {
            return standard;
        }
        // Before it is converted: a number may have millions of digits.
        if (number.compareTo(BigDecimal.valueOf(min)) < 0) {
            addLimit("greater_than_equal", "ge", name, "Input should be greater than or equal to " + min, min);
        } else if (number.compareTo(BigDecimal.valueOf(max)) > 0) {
            addLimit("less_than_equal", "le", name, "Input should be less than or equal to " + max, max);
        } else {
            return number.intValue();
        }
        return standard;
    }

    /** A whole number of any size; null after an error. */
    private @Nullable BigDecimal number(String name, JsonNode value) {
        if (value.isString()) {
            var text = value.stringValue().strip();
            if (WHOLE.matcher(text).matches()) {
                return new BigDecimal(text.replace("_", ""));
            }
            add("int_parsing", name, "Input should be a valid integer, unable to parse string as an integer");
            return null;
        }
        if (!value.isNumber()) {
            add("int_type", name, "Input should be a valid integer");
            return null;
        }
        var number = value.decimalValue();
        if (number.signum() != 0 && number.stripTrailingZeros().scale() > 0) {
            add("int_from_float", name, "Input should be a valid integer, got a number with a fractional part");
            return null;
        }
        return number;
    }

    private void add(String type, String name, String msg) {
        errors.add(PydanticError.of(type, List.of(place, name), msg, values.get(name)));
    }

    private void addLimit(String type, String limit, String name, String msg, int value) {
        errors.add(new PydanticError(type, List.of(place, name), msg, values.get(name), Map.of(limit, value)));
    }
}
