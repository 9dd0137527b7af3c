package io.atelier.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of the parameters in a request, defaults included. Immutable. */
public final class PipelineArguments {

    private final Map<String, Object> values;

    /** @param values by the names of their parameters: String, Long, Double, Boolean, or a list or map of JSON values */
    public PipelineArguments(Map<String, ?> values) {
        this.values = Map.copyOf(new LinkedHashMap<>(values));
    }

    /** All values by name; without those of optional parameters that the request leaves out. */
    public Map<String, Object> values() {
        return values;
    }

    /** Whether the parameter has a value. Only those that are optional and without a default may have none. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * The value of a text.
     *
     * @throws IllegalArgumentException if the parameter has no value, or is of another type
     */
    public String text(String name) {
        return value(name, String.class);
    }

    /** The value of a whole number. Otherwise like {@link #text}. */
    public long integer(String name) {
        return value(name, Long.class);
    }

    /** The value of a number. Otherwise like {@link #text}. */
    public double number(String name) {
        return value(name, Double.class);
    }

    /** The value of a flag. Otherwise like {@link #text}. */
    public boolean flag(String name) {
        return value(name, Boolean.class);
    }

    /** The value of a list. Otherwise like {@link #text}. */
    public List<?> list(String name) {
        return value(name, List.class);
    }

    /** The value of an object. Otherwise like {@link #text}. */
    public Map<?, ?> object(String name) {
        return value(name, Map.class);
    }

    private <T> T value(String name, Class<T> type) {
        @Nullable Object value = values.get(name);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw new IllegalArgumentException(
                value == null
                        ? "The parameter '%s' has no value".formatted(name)
                        : "The parameter '%s' is of another type than %s".formatted(name, type.getSimpleName()));
    }
}
