package io.atelier.gateway.faces.intel;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.request.RequestLimits;
import io.atelier.gateway.api.request.StrictJson;
import io.atelier.gateway.faces.intel.IntelProblems.Item;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a body, read as FastAPI reads them: numbers may be texts, unknown fields are ignored. Only booleans are no numbers here. Collects the
 * errors. Not thread-safe.
 */
final class IntelBody {

    private static final String BODY = "body";
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,30}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,30}(\\.\\d{0,30})?|\\.\\d{1,30})(e[+-]?\\d{1,3})?");

    private final JsonNode object;
    private final List<Item> errors = new ArrayList<>();

    private IntelBody(JsonNode object) {
        this.object = object;
    }

    /**
     * The fields of a body.
     *
     * @throws Problem if it is no JSON object
     */
    static IntelBody parse(byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw missing();
        }
        var tree = tree(body, text);
        if (tree.isNull()) {
            throw missing();
        }
        if (!tree.isObject()) {
            throw IntelProblems.invalid(List.of(new Item(
                    "model_attributes_type",
                    List.of(BODY),
                    "Input should be a valid dictionary or object to extract fields from",
                    tree)));
        }
        return new IntelBody(tree);
    }

    private static Problem missing() {
        return IntelProblems.invalid(List.of(new Item("missing", List.of(BODY), "Field required", null)));
    }

    private static JsonNode tree(byte[] body, String text) {
        try {
            return StrictJson.parse(body);
        } catch (Problem problem) {
            throw IntelProblems.invalid(List.of(new Item(
                    "json_invalid",
                    List.of(BODY, offset(problem, text)),
                    "JSON decode error",
                    Map.of(),
                    Map.of("error", problem.detail()))));
        }
    }

    /** The offset of the error in characters, as far as it is known. */
    private static int offset(Problem problem, String text) {
        if (problem.members().get("line") instanceof Number line
                && problem.members().get("column") instanceof Number column) {
            int start = 0;
            for (int i = 1; i < line.intValue(); i++) {
                start = text.indexOf('\n', start) + 1;
            }
            return start + Math.max(0, column.intValue() - 1);
        }
        return 0;
    }

    /** The text of a field that must be there; empty after an error. */
    String requiredText(String name) {
        if (!object.has(name)) {
            errors.add(new Item("missing", List.of(BODY, name), "Field required", object));
            return "";
        }
        return textOf(name).orElse("");
    }

    /** The text of a field; empty if it is absent, null or wrong. */
    Optional<String> text(String name) {
        return isAbsent(name) ? Optional.empty() : textOf(name);
    }

    private Optional<String> textOf(String name) {
        var value = object.get(name);
        if (value.isString()) {
            return Optional.of(value.stringValue());
        }
        add(name, "string_type", "Input should be a valid string");
        return Optional.empty();
    }

    /** The whole number of a field; empty if it is absent, null or wrong. */
    Optional<Long> integer(String name) {
        if (isAbsent(name)) {
            return Optional.empty();
        }
        var value = object.get(name);
        if (value.isString()) {
            var text = value.stringValue().strip();
            if (INTEGER.matcher(text).matches()) {
                return exact(name, new BigDecimal(text));
            }
            add(name, "int_parsing", "Input should be a valid integer, unable to parse string as an integer");
            return Optional.empty();
        }
        if (value.isNumber()) {
            return exact(name, value.decimalValue());
        }
        add(name, "int_type", "Input should be a valid integer");
        return Optional.empty();
    }

    private Optional<Long> exact(String name, BigDecimal value) {
        // As a double first: the exact form of a number with a great exponent has millions of digits.
        double number = value.doubleValue();
        if (Math.abs(number) > RequestLimits.MAX_SEED) {
            add(name, "value_error", "Value error, Must be at most %d.".formatted(RequestLimits.MAX_SEED));
            return Optional.empty();
        }
        if (number != Math.rint(number)) {
            add(name, "int_from_float", "Input should be a valid integer, got a number with a fractional part");
            return Optional.empty();
        }
        return Optional.of((long) number);
    }

    /** The number of a field; empty if it is absent, null or wrong. */
    Optional<Double> number(String name) {
        if (isAbsent(name)) {
            return Optional.empty();
        }
        var value = object.get(name);
        if (value.isNumber()) {
            return Optional.of(value.decimalValue().doubleValue());
        }
        if (value.isString()) {
            var text = value.stringValue().strip();
            if (NUMBER.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
                return Optional.of(Double.parseDouble(text));
            }
            add(name, "float_parsing", "Input should be a valid number, unable to parse string as a number");
            return Optional.empty();
        }
        add(name, "float_type", "Input should be a valid number");
        return Optional.empty();
    }

    /** Adds an error of a field. */
    void add(String name, String type, String message) {
        var loc = name.isEmpty() ? List.<Object>of(BODY) : List.<Object>of(BODY, name);
        errors.add(new Item(type, loc, message, name.isEmpty() ? object : object.get(name)));
    }

    /** @throws Problem if a field is wrong */
    void throwIfInvalid() {
        if (!errors.isEmpty()) {
            throw problem();
        }
    }

    /** The problem of all errors. */
    Problem problem() {
        return IntelProblems.invalid(List.copyOf(errors));
    }

    private boolean isAbsent(String name) {
        return !object.has(name) || object.get(name).isNull();
    }
}
