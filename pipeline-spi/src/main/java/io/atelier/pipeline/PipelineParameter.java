package io.atelier.pipeline;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a pipeline: a member of the JSON object in a request. The gateway refuses requests whose values do not fit, with the status 422. Begin
 * with {@link #text} or another factory; the parameter is then required.
 *
 * @param name of the member: a letter or {@code _}, then up to 63 letters, digits or {@code _}
 * @param type of its values
 * @param description one line for the OpenAPI document
 * @param isRequired whether a request without it is refused
 * @param defaultValue the value if a request does not have it: a String, Long, Double or Boolean, as the type is; null for none
 * @param min the lowest number that is allowed; null for none
 * @param max the highest number that is allowed; null for none
 */
public record PipelineParameter(
        String name,
        Type type,
        String description,
        boolean isRequired,
        @Nullable Object defaultValue,
        @Nullable Double min,
        @Nullable Double max) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");

    /** The types of values. */
    public enum Type {
        TEXT(String.class),
        INTEGER(Long.class),
        NUMBER(Double.class),
        FLAG(Boolean.class),
        LIST(Void.class),
        OBJECT(Void.class);

        private final Class<?> defaultType;

        Type(Class<?> defaultType) {
            this.defaultType = defaultType;
        }

        private boolean isNumber() {
            return this == INTEGER || this == NUMBER;
        }
    }

    /** @throws IllegalArgumentException if the name or a value does not fit */
    public PipelineParameter {
        Objects.requireNonNull(type, "type");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "The name '%s' of a parameter must be a letter or '_', then up to 63 letters, digits or '_'"
                            .formatted(name));
        }
        if (defaultValue != null && (isRequired || !type.defaultType.isInstance(defaultValue))) {
            throw new IllegalArgumentException(
                    "The parameter '%s' of type %s cannot have the default '%s'".formatted(name, type, defaultValue));
        }
        if (!type.isNumber() && (min != null || max != null)) {
            throw new IllegalArgumentException("The parameter '%s' is no number and has limits".formatted(name));
        }
    }

    /** A text. */
    public static PipelineParameter text(String name, String description) {
        return required(name, Type.TEXT, description);
    }

    /** A whole number of 64 bits. */
    public static PipelineParameter integer(String name, String description) {
        return required(name, Type.INTEGER, description);
    }

    /** A number, with or without a fraction. */
    public static PipelineParameter number(String name, String description) {
        return required(name, Type.NUMBER, description);
    }

    /** True or false. */
    public static PipelineParameter flag(String name, String description) {
        return required(name, Type.FLAG, description);
    }

    /** A list of JSON values. */
    public static PipelineParameter list(String name, String description) {
        return required(name, Type.LIST, description);
    }

    /** A JSON object. */
    public static PipelineParameter object(String name, String description) {
        return required(name, Type.OBJECT, description);
    }

    private static PipelineParameter required(String name, Type type, String description) {
        return new PipelineParameter(name, type, description, true, null, null, null);
    }

    /** The same parameter, which a request may leave out; it has no value then. */
    public PipelineParameter optional() {
        return new PipelineParameter(name, type, description, false, null, min, max);
    }

    /** The same parameter, which a request may leave out; it has this value then. */
    public PipelineParameter withDefault(String value) {
        return standard(value);
    }

    /** The same parameter, which a request may leave out; it has this value then. */
    public PipelineParameter withDefault(long value) {
        return type == Type.NUMBER ? standard((double) value) : standard(value);
    }

    /** The same parameter, which a request may leave out; it has this value then. */
    public PipelineParameter withDefault(double value) {
        return standard(value);
    }

    /** The same parameter, which a request may leave out; it has this value then. */
    public PipelineParameter withDefault(boolean value) {
        return standard(value);
    }

    private PipelineParameter standard(Object value) {
        return new PipelineParameter(name, type, description, false, value, min, max);
    }

    /** The same parameter with limits, which are allowed values. */
    public PipelineParameter between(double lowest, double highest) {
        return new PipelineParameter(name, type, description, isRequired, defaultValue, lowest, highest);
    }
}
