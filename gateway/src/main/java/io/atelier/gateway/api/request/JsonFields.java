package io.atelier.gateway.api.request;

import io.atelier.gateway.api.problem.NearestName;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, read one by one. The body is parsed by {@link StrictJson}. A field with a wrong value adds a validation error and reads as absent; {@code null} reads as
 * absent without an error. Characters are counted as Unicode code points. Not thread-safe.
 */
final class JsonFields {

    private static final int MAX_SCALE = 1_000;

    // Reflection for each request took a sixth of the time in which an event loop accepts one.
    private static final ClassValue<Set<String>> NAMES = new ClassValue<>() {

        @Override
        protected Set<String> computeValue(Class<?> form) {
            return Arrays.stream(form.getRecordComponents())
                    .map(RecordComponent::getName)
                    .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                    .collect(Collectors.collectingAndThen(
                            Collectors.toCollection(TreeSet::new), Collections::unmodifiableSet));
        }
    };

    private final JsonNode object;
    private final String pointer;
    private final ValidationErrors errors;

    private JsonFields(JsonNode object, String pointer, ValidationErrors errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    /**
     * The fields of a body.
     *
     * @throws Problem of kind {@code INVALID_JSON}, with line and column, if the body is no JSON; of kind {@code VALIDATION_FAILED} if it is no
     *     JSON object
     */
    static JsonFields parse(byte[] body, ValidationErrors errors) {
        return parse(body, errors, "{\"prompt\": \"a castle\"}");
    }

    /**
     * The fields of a body, as {@link #parse(byte[], ValidationErrors)}.
     *
     * @param example a valid body, for the problem of an empty one
     */
    static JsonFields parse(byte[] body, ValidationErrors errors, String example) {
        var tree = StrictJson.parse(body);
        if (tree.isMissingNode()) {
            throw new Problem(
                    ProblemKind.INVALID_JSON, "The body is empty. Send a JSON object, such as " + example + ".");
        }
        if (!tree.isObject()) {
            errors.add("", "Must be a JSON object, not %s.".formatted(kind(tree)));
            errors.throwIfAny();
        }
        return new JsonFields(tree, "", errors);
    }

    /** The fingerprint of the object, see {@link RequestFingerprint}. */
    String fingerprint(String header) {
        return fingerprint(FieldDefaults.OF_A_REQUEST, header);
    }

    /** The fingerprint of the object with these defaults, see {@link RequestFingerprint}. */
    String fingerprint(FieldDefaults defaults, String header) {
        return RequestFingerprint.of(object, defaults, header);
    }

    /** The same fields, whose errors are collected elsewhere. */
    JsonFields with(ValidationErrors others) {
        return new JsonFields(object, pointer, others);
    }

    /** The names of the fields that a form describes: its record components, in snake case, in alphabetical order. */
    static Set<String> names(Class<? extends Record> form) {
        return NAMES.get(form);
    }

    /** Adds an error for each field that the form does not describe; {@code planned} ones are reported as not supported yet. */
    void allowOnly(Class<? extends Record> form, Set<String> planned) {
        allowOnly(names(form), planned);
    }

    /** Adds an error for each field that is not {@code known}, see {@link #allowOnly(Class, Set)}. */
    void allowOnly(Set<String> known, Set<String> planned) {
        for (var name : object.propertyNames()) {
            if (planned.contains(name)) {
                error(name, "This version does not support the field '%s' yet. Leave it out.".formatted(name));
            } else if (!known.contains(name)) {
                error(name, NearestName.detail("field", name, known));
            }
        }
    }

    Set<String> names() {
        return new TreeSet<>(object.propertyNames());
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    Optional<JsonNode> value(String name) {
        return has(name) ? Optional.of(object.get(name)) : Optional.empty();
    }

    /** A string of {@code min} to {@code max} characters; if {@code min} is above 0, not a blank one. */
    Optional<String> text(String name, int min, int max) {
        return value(name).flatMap(value -> text(name, value, min, max));
    }

    private Optional<String> text(String name, JsonNode value, int min, int max) {
        return value.isString()
                ? text(name, value.stringValue(), min, max)
                : invalid(name, "Must be a string, not %s.".formatted(kind(value)));
    }

    /** The strings in a list of 1 to {@code count}, each like {@link #text(String, int, int)}; those that are wrong are left out. */
    List<String> texts(String name, int count, int min, int max) {
        var texts = new ArrayList<String>();
        value(name).ifPresent(list -> {
            if (!list.isArray() || list.isEmpty() || list.size() > count) {
                var actual = list.isArray() ? "a list of " + list.size() : kind(list);
                error(name, "Must be a list of 1 to %d strings, not %s.".formatted(count, actual));
                return;
            }
            var elements = new JsonFields(list, pointer(name), errors);
            for (int i = 0; i < list.size(); i++) {
                elements.text(Integer.toString(i), list.get(i), min, max).ifPresent(texts::add);
            }
        });
        return texts;
    }

    /** A string of any length: one of some words, which the error of any other string lists. */
    Optional<String> word(String name) {
        return value(name)
                .flatMap(value -> value.isString()
                        ? Optional.of(value.stringValue())
                        : invalid(name, "Must be a string, not %s.".formatted(kind(value))));
    }

    /** A whole number, in any notation that JSON Schema counts as an integer: 42, 42.0 or 4.2e1. */
    Optional<Long> integer(String name, long min, long max) {
        return value(name).flatMap(value -> {
            var allowed = "Must be a whole number from " + min + " to " + max;
            if (!value.isNumber()) {
                return invalid(name, allowed + ", not %s.".formatted(kind(value)));
            }
            var number = decimal(value).filter(JsonFields::isWhole);
            return number.filter(whole -> isWithin(whole, BigDecimal.valueOf(min), BigDecimal.valueOf(max)))
                    .map(BigDecimal::longValueExact)
                    .or(() -> invalid(name, allowed + (number.isPresent() ? "." : ", not %s.".formatted(kind(value)))));
        });
    }

    /** @param range the allowed numbers in words, such as {@code from 0 to 1} */
    Optional<Double> number(String name, double min, double max, String range) {
        return value(name).flatMap(value -> {
            var allowed = "Must be a number " + range;
            if (!value.isNumber()) {
                return invalid(name, allowed + ", not %s.".formatted(kind(value)));
            }
            return decimal(value)
                    .filter(number -> isWithin(number, BigDecimal.valueOf(min), BigDecimal.valueOf(max)))
                    .map(BigDecimal::doubleValue)
                    .or(() -> invalid(name, allowed + "."));
        });
    }

    Optional<JsonFields> object(String name) {
        return value(name)
                .flatMap(value -> value.isObject()
                        ? Optional.of(new JsonFields(value, pointer(name), errors))
                        : invalid(name, "Must be an object, not %s.".formatted(kind(value))));
    }

    /** The objects in a list of {@code min} to {@code max}; empty if the field is absent or no such list. Other elements add an error each. */
    List<JsonFields> objects(String name, int min, int max) {
        var list = value(name);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray() || list.get().size() < min || list.get().size() > max) {
            var actual = list.get().isArray() ? "a list of " + list.get().size() : kind(list.get());
            error(name, "Must be a list of %d to %d objects, not %s.".formatted(min, max, actual));
            return List.of();
        }
        var objects = new ArrayList<JsonFields>();
        for (var value : list.get()) {
            var element = pointer(name) + "/" + objects.size();
            if (!value.isObject()) {
                errors.add(element, "Must be an object, not %s.".formatted(kind(value)));
            }
            objects.add(new JsonFields(value, element, errors));
        }
        return objects.stream().filter(item -> item.object.isObject()).toList();
    }

    /** Adds an error for the object as a whole. */
    void error(String detail) {
        errors.add(pointer, detail);
    }

    /** Adds an error for the field. */
    void error(String name, String detail) {
        errors.add(pointer(name), detail);
    }

    /** Adds an error for the field that has a problem kind of its own. */
    void error(String name, Problem problem) {
        errors.add(pointer(name), problem);
    }

    /** Adds an error for a header that sets the same as a field. */
    void headerError(String header, String detail) {
        errors.addHeader(header, detail);
    }

    private String pointer(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** The kind of a value, in words for an error message. */
    static String kind(JsonNode value) {
        if (value.isString()) {
            return "a string";
        }
        if (value.isNumber()) {
            return decimal(value).filter(JsonFields::isWhole).isPresent()
                    ? "a whole number"
                    : decimal(value).isPresent() ? "a number with a fraction" : "a number with such an exponent";
        }
        if (value.isBoolean()) {
            return "true or false";
        }
        return value.isArray() ? "a list" : value.isObject() ? "an object" : "null";
    }

    private Optional<String> text(String name, String value, int min, int max) {
        int length = value.codePointCount(0, value.length());
        if (length < min || length > max) {
            return invalid(name, "Must have %d to %d characters; it has %d.".formatted(min, max, length));
        }
        if (min > 0 && VisibleText.isBlank(value)) {
            return invalid(name, "Must not be blank: it has no visible character.");
        }
        // U+0000 cannot be stored in a PNG's text, and a lone surrogate cannot be written as UTF-8.
        if (value.indexOf('\0') >= 0 || value.codePoints().anyMatch(JsonFields::isLoneSurrogate)) {
            return invalid(name, "Must not contain the character U+0000 or half of a surrogate pair.");
        }
        return Optional.of(value);
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** The number; empty if it has an exponent for which arithmetic is slow or fails, so that no limit of this API allows it. */
    private static Optional<BigDecimal> decimal(JsonNode value) {
        var number = value.decimalValue();
        return Math.abs((long) number.scale()) > MAX_SCALE ? Optional.empty() : Optional.of(number);
    }

    private static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private static boolean isWithin(BigDecimal number, BigDecimal min, BigDecimal max) {
        return number.compareTo(min) >= 0 && number.compareTo(max) <= 0;
    }

    private <T> Optional<T> invalid(String name, String detail) {
        error(name, detail);
        return Optional.empty();
    }
}
