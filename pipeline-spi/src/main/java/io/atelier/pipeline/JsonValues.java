package io.atelier.pipeline;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies of JSON values. */
final class JsonValues {

    private static final int MAX_DEPTH = 64;

    private JsonValues() {}

    /**
     * A copy that does not change.
     *
     * @param value a String, Number, Boolean or null, or a collection or map of such
     * @throws IllegalArgumentException if it is another one, also a number that JSON does not have, or is nested too deep
     */
    static @Nullable Object copy(@Nullable Object value) {
        return copy(value, 0);
    }

    private static @Nullable Object copy(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("The JSON value is nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Map<?, ?> map) {
            var members = new LinkedHashMap<String, @Nullable Object>();
            map.forEach((name, member) -> members.put(String.valueOf(name), copy(member, depth + 1)));
            return Collections.unmodifiableMap(members);
        }
        if (value instanceof Collection<?> items) {
            var list = new ArrayList<@Nullable Object>();
            items.forEach(item -> list.add(copy(item, depth + 1)));
            return Collections.unmodifiableList(list);
        }
        throw new IllegalArgumentException(
                "A JSON value must be a String, Number, Boolean, Map, Collection or null, not a "
                        + value.getClass().getSimpleName());
    }

    private static Number number(Number number) {
        if (!number.getClass().getName().startsWith("java.")) {
            throw new IllegalArgumentException("A JSON number must be of a type of the JDK");
        }
        if (Double.isFinite(number.doubleValue()) || number instanceof BigDecimal || number instanceof BigInteger) {
            return number;
        }
        throw new IllegalArgumentException("JSON has no number " + number);
    }
}
