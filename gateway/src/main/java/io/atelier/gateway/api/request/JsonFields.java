package io.atelier.gateway.api.request;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a JSON object, read one by one. Whatever is wrong with a field becomes a mistake and reads as if the field were not
 * there; {@code null} reads the same way and is no mistake. Characters are counted as Unicode code points.
 */
final class JsonFields {

    private final JsonNode object;
    private final String pointer;
    private final ValidationErrors mistakes;

    /** @param pointer where the object is in the body, as a JSON pointer */
    JsonFields(JsonNode object, String pointer, ValidationErrors mistakes) {
        this.object = object;
        this.pointer = pointer;
        this.mistakes = mistakes;
    }

    /** The same fields, whose mistakes are gathered elsewhere. */
    JsonFields with(ValidationErrors others) {
        return new JsonFields(object, pointer, others);
    }

    /** Makes a mistake of each field that is neither known nor planned, and of each that is planned for a later version. */
    void allowOnly(Set<String> known, Set<String> planned) {
        for (var name : object.propertyNames()) {
            if (planned.contains(name)) {
                mistake(name, "This version does not support the field '%s' yet. Leave it out.".formatted(name));
            } else if (!known.contains(name)) {
                mistake(name, "There is no such field. Known fields: " + String.join(", ", new TreeSet<>(known)) + ".");
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

    Optional<String> text(String name, int least, int most) {
        return value(name)
                .flatMap(value -> value.isString()
                        ? text(name, value.stringValue(), least, most)
                        : wrong(name, "Must be a string, not %s.".formatted(kind(value))));
    }

    Optional<Long> whole(String name, long least, long most) {
        var allowed = "Must be a whole number from %d to %d".formatted(least, most);
        return value(name).flatMap(value -> {
            if (!value.isIntegralNumber()) {
                return wrong(name, allowed + ", not %s.".formatted(kind(value)));
            }
            var number = value.decimalValue();
            return within(number, BigDecimal.valueOf(least), BigDecimal.valueOf(most))
                    ? Optional.of(number.longValueExact())
                    : wrong(name, allowed + ".");
        });
    }

    Optional<Double> number(String name, double least, double most) {
        var allowed = "Must be a number from %s to %s".formatted(plain(least), plain(most));
        return value(name).flatMap(value -> {
            if (!value.isNumber()) {
                return wrong(name, allowed + ", not %s.".formatted(kind(value)));
            }
            return within(value.decimalValue(), BigDecimal.valueOf(least), BigDecimal.valueOf(most))
                    ? Optional.of(value.doubleValue())
                    : wrong(name, allowed + ".");
        });
    }

    Optional<JsonFields> object(String name) {
        return value(name)
                .flatMap(value -> value.isObject()
                        ? Optional.of(new JsonFields(value, at(name), mistakes))
                        : wrong(name, "Must be an object, not %s.".formatted(kind(value))));
    }

    /** The objects in a list of so many; empty after a mistake, and if there is no list. Whatever else is in it becomes a mistake. */
    List<JsonFields> objects(String name, int least, int most) {
        var list = value(name);
        if (list.isEmpty()) {
            return List.of();
        }
        if (!list.get().isArray() || list.get().size() < least || list.get().size() > most) {
            var got = list.get().isArray() ? "a list of " + list.get().size() : kind(list.get());
            mistake(name, "Must be a list of %d to %d objects, not %s.".formatted(least, most, got));
            return List.of();
        }
        var objects = new ArrayList<JsonFields>();
        for (var value : list.get()) {
            var place = at(name) + "/" + objects.size();
            if (!value.isObject()) {
                mistakes.add(place, "Must be an object, not %s.".formatted(kind(value)));
            }
            objects.add(new JsonFields(value, place, mistakes));
        }
        return objects.stream().filter(item -> item.object.isObject()).toList();
    }

    /** Notes that something is wrong with the object as a whole. */
    void mistake(String detail) {
        mistakes.add(pointer, detail);
    }

    /** Notes that something is wrong with the field. */
    void mistake(String name, String detail) {
        mistakes.add(at(name), detail);
    }

    /** Where the field is in the body. */
    String at(String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** What a value is, in a word. */
    static String kind(JsonNode value) {
        if (value.isString()) {
            return "a string";
        }
        if (value.isNumber()) {
            return value.isIntegralNumber() ? "a whole number" : "a number with a fraction";
        }
        if (value.isBoolean()) {
            return "true or false";
        }
        return value.isArray() ? "a list" : value.isObject() ? "an object" : "null";
    }

    private Optional<String> text(String name, String value, int least, int most) {
        int length = value.codePointCount(0, value.length());
        if (length < least || length > most) {
            return wrong(name, "Must have %d to %d characters; it has %d.".formatted(least, most, length));
        }
        if (least > 0 && value.isBlank()) {
            return wrong(name, "Must not be blank.");
        }
        // The first cannot be stored in a PNG's text, the second cannot be written as UTF-8.
        if (value.indexOf('\0') >= 0 || value.codePoints().anyMatch(JsonFields::isHalfACharacter)) {
            return wrong(name, "Must not contain the character U+0000 or half of a surrogate pair.");
        }
        return Optional.of(value);
    }

    private static boolean isHalfACharacter(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static boolean within(BigDecimal number, BigDecimal least, BigDecimal most) {
        return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private <T> Optional<T> wrong(String name, String detail) {
        mistake(name, detail);
        return Optional.empty();
    }
}
