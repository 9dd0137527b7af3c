package io.atelier.messaging.settings;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Turns everything that is wrong with a setting into a {@link SettingRefused}, and refuses durations and sizes without a unit, except durations in
 * variables of systems that Atelier replaces.
 */
final class SettingBindHandler extends AbstractBindHandler {

    private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of("io.atelier");
    private static final Pattern BARE_NUMBER = Pattern.compile("\\s*[+-]?\\d+\\s*");
    private static final String DURATION = "a duration with its unit, such as 500ms, 30s, 10m, 12h or 30d";
    private static final String SIZE = "a size with its unit, such as 64KB, 10MB or 1GB";

    private final SettingNames names;

    SettingBindHandler(BindHandler parent, SettingNames names) {
        super(parent);
        this.names = names;
    }

    @Override
    public @Nullable Object onSuccess(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        var property = context.getConfigurationProperty();
        boolean hasUnit = result instanceof Duration || result instanceof DataSize;
        if (hasUnit && property != null && isProperty(name, context) && OWN.isAncestorOf(name)) {
            // Without a unit, Spring takes milliseconds and bytes.
            if (BARE_NUMBER.matcher(names.resolved(property.getValue())).matches()) {
                return super.onSuccess(name, target, context, withUnit(name, target, result));
            }
        }
        return super.onSuccess(name, target, context, result);
    }

    @Override
    public @Nullable Object onFailure(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) throws Exception {
        try {
            return super.onFailure(name, target, context, error);
        } catch (Exception e) {
            throw explained(name, target, context, e);
        }
    }

    @Override
    public void onFinish(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
            throws Exception {
        try {
            super.onFinish(name, target, context, result);
        } catch (Exception e) {
            throw explained(name, target, context, e);
        }
    }

    private Exception explained(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception failure) {
        if (cause(failure, SettingRefused.class).isPresent()) {
            return failure;
        }
        var invalid = cause(failure, BindValidationException.class);
        if (invalid.isPresent()) {
            return refused(invalid.get());
        }
        if (isProperty(name, context)) {
            return refused(name, target);
        }
        // Thrown by the constructor of a record of settings, with their keys in its message.
        return cause(failure, IllegalArgumentException.class)
                .filter(thrown -> OWN.isAncestorOf(name))
                .map(Throwable::getMessage)
                .<Exception>map(message -> new SettingRefused(names.inText(message)))
                .orElse(failure);
    }

    /** The value of a number without a unit: seconds in the variables of older systems, which had no units. */
    private Object withUnit(ConfigurationPropertyName name, Bindable<?> target, Object result) {
        if (result instanceof Duration millis && names.isDurationOfOlderSystem(name)) {
            return Duration.ofSeconds(millis.toMillis());
        }
        throw refused(name, target);
    }

    private SettingRefused refused(ConfigurationPropertyName name, Bindable<?> target) {
        return new SettingRefused("%s; it must be %s.".formatted(names.withValue(name), allowed(target)));
    }

    private SettingRefused refused(BindValidationException invalid) {
        var errors = invalid.getValidationErrors();
        return new SettingRefused(errors.getAllErrors().stream()
                .map(error -> names.withValue(key(errors.getName(), error)) + "; it " + error.getDefaultMessage() + ".")
                .distinct()
                .collect(Collectors.joining(" ")));
    }

    /** The key of a field such as {@code servers[gpu1].stopTimeout}. */
    private static ConfigurationPropertyName key(ConfigurationPropertyName prefix, ObjectError error) {
        if (!(error instanceof FieldError field)) {
            return prefix;
        }
        var dashed = Arrays.stream(field.getField().split("\\."))
                .map(DataObjectPropertyName::toDashedForm)
                .collect(Collectors.joining("."));
        return ConfigurationPropertyName.isValid(prefix + "." + dashed)
                ? ConfigurationPropertyName.of(prefix + "." + dashed)
                : prefix;
    }

    private static String allowed(Bindable<?> target) {
        var type = ClassUtils.resolvePrimitiveIfNecessary(target.getType().resolve(Object.class));
        if (type == Duration.class) {
            return DURATION;
        }
        if (type == DataSize.class) {
            return SIZE;
        }
        if (type == Integer.class || type == Long.class) {
            return "a whole number" + range(target);
        }
        if (Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(", ", "one of ", ""));
        }
        if (type == InetAddress.class) {
            return "an address of this machine, such as 127.0.0.1";
        }
        return type == URI.class ? "a URL, such as http://127.0.0.1:9000" : "a value of another form";
    }

    private static String range(Bindable<?> target) {
        var min = target.getAnnotation(Min.class);
        var max = target.getAnnotation(Max.class);
        if (min == null) {
            return max == null ? "" : ", at most " + max.value();
        }
        return max == null ? ", at least " + min.value() : " from " + min.value() + " to " + max.value();
    }

    /** Whether the context is that of a single value. Else its property is the one that was read last, of another name. */
    private static boolean isProperty(ConfigurationPropertyName name, BindContext context) {
        var property = context.getConfigurationProperty();
        return property != null && property.getName().equals(name);
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
