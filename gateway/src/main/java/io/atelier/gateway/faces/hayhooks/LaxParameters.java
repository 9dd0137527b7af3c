package io.atelier.gateway.faces.hayhooks;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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

    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d{1,30}(_\\d{1,30}){0,10}(\\.\\d{0,300})?|\\.\\d{1,300})([eE][+-]?\\d{1,3})?");
    private static final BigDecimal MAX_DOUBLE = BigDecimal.valueOf(Double.MAX_VALUE);
    private static final Set<String> TRUE = Set.of("1", "on", "t", "true", "y", "yes");
    private static final Set<String> FALSE = Set.of("0", "off", "f", "false", "n", "no");

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
        return Objects.requireNonNullElse(optionalText(name), standard);
    }

    /** A text; null if it is absent, and after an error. */
    @Nullable
    String optionalText(String name) {
        var value = values.get(name);
        if (value != null && !value.isString()) {
            add("string_type", name, "Input should be a valid string");
            return null;
        }
        return value == null ? null : value.stringValue();
    }

    /** A whole number; the standard one if it is absent, and after an error. */
    int integer(String name, int min, int max, int standard) {
        var number = whole(name, BigDecimal.valueOf(min), BigDecimal.valueOf(max));
        return number == null ? standard : number.intValue();
    }

    /** A whole number; null if it is absent, and after an error. */
    @Nullable
    BigDecimal whole(String name, BigDecimal min, BigDecimal max) {
        var value = values.get(name);
        return value == null ? null : limited(name, number(name, value), min, max);
    }

    /** A number, also with a fraction; null if it is absent, and after an error. */
    @Nullable
    BigDecimal decimal(String name, BigDecimal min, BigDecimal max) {
        var value = values.get(name);
        var number = value == null ? null : anyNumber(name, value);
        if (number != null && number.abs().compareTo(MAX_DOUBLE) > 0) {
            add("finite_number", name, "Input should be a finite number");
            return null;
        }
        return limited(name, number, min, max);
    }

    /** A truth value, as pydantic reads it; null if it is absent, and after an error. */
    @Nullable
    Boolean flag(String name) {
        var value = values.get(name);
        if (value == null || value.isBoolean()) {
            return value == null ? null : value.booleanValue();
        }
        boolean isWhole =
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
        if (!value.isString() && !isWhole) {
            add("bool_type", name, "Input should be a valid boolean");
            return null;
        }
        var word = isWhole
                ? value.decimalValue().stripTrailingZeros().toString()
                : value.stringValue().toLowerCase(Locale.ROOT);
        if (TRUE.contains(word) || FALSE.contains(word)) {
            return TRUE.contains(word);
        }
        add("bool_parsing", name, "Input should be a valid boolean, unable to interpret input");
        return null;
    }

    /** Whether a value that is there is a list; else adds an error. */
    boolean isList(String name) {
        return isOf(values.path(name).isArray(), "list_type", name, "Input should be a valid list");
    }

    /** Whether a value that is there is an object; else adds an error. */
    boolean isObject(String name) {
        return isOf(values.path(name).isObject(), "dict_type", name, "Input should be a valid dictionary");
    }

    private boolean isOf(boolean isRight, String type, String name, String msg) {
        if (!isRight) {
            add(type, name, msg);
        }
        return isRight;
    }

    /** The number itself if it is within the limits. Before it is converted: a number may have millions of digits. */
    private @Nullable BigDecimal limited(String name, @Nullable BigDecimal number, BigDecimal min, BigDecimal max) {
        if (number == null) {
            return null;
        }
        if (number.compareTo(min) < 0) {
            addLimit("greater_than_equal", "ge", name, "Input should be greater than or equal to ", min);
            return null;
        }
        if (number.compareTo(max) > 0) {
            addLimit("less_than_equal", "le", name, "Input should be less than or equal to ", max);
            return null;
        }
        return number;
    }

    private @Nullable BigDecimal anyNumber(String name, JsonNode value) {
        if (value.isString()) {
            var text = value.stringValue().strip();
            if (DECIMAL.matcher(text).matches()) {
                return new BigDecimal(text.replace("_", ""));
            }
            add("float_parsing", name, "Input should be a valid number, unable to parse string as a number");
            return null;
        }
        if (!value.isNumber()) {
            add("float_type", name, "Input should be a valid number");
            return null;
        }
        return value.decimalValue();
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

    private void addLimit(String type, String limit, String name, String msg, BigDecimal value) {
        // As a whole number if it is one.
        boolean isWhole = value.stripTrailingZeros().scale() <= 0;
        Object shown = isWhole ? value.toBigInteger() : value;
        errors.add(new PydanticError(type, List.of(place, name), msg + shown, values.get(name), Map.of(limit, shown)));
    }
}
