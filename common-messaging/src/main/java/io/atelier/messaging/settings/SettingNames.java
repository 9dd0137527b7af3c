package io.atelier.messaging.settings;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds out how an operator wrote a setting. A file of the application gives most keys the value of a variable, such as
 * {@code slots: ${ATELIER_GENERATOR_SLOTS:2}}, so that the origin of a wrong value is that file, which its operator never saw.
 */
final class SettingNames {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^:}]+)");
    private static final Pattern SECRET = Pattern.compile("(?i).*(key|secret|token|password|url|jaas|user).*");
    private static final Set<String> DURATIONS_OF_OLDER_SYSTEMS = Set.of("FLOWISE_TIMEOUT");
    private static final Pattern KEY = Pattern.compile("\\bio\\.atelier(\\.[a-z0-9-]+)+");
    private static final int MAX_DEPTH = 8;

    private final ConfigurableEnvironment environment;

    SettingNames(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** The name of the variable, or the key with the file that has it, or just the key. Several are joined with "and". */
    String of(ConfigurationPropertyName key) {
        return String.join(" and ", names(key, 0));
    }

    /** Whether the setting is a duration that is written in a variable of a system that Atelier replaces: those have seconds without a unit. */
    boolean isDurationOfOlderSystem(ConfigurationPropertyName key) {
        return DURATIONS_OF_OLDER_SYSTEMS.containsAll(names(key, 0));
    }

    /** The name and the value of a setting, such as {@code ATELIER_BIND is 'x'}; a value that may be a secret is left out. */
    String withValue(ConfigurationPropertyName key) {
        var name = of(key);
        var value = property(key).map(found -> resolved(found.getValue()));
        if (value.filter(text -> !text.isBlank()).isEmpty()) {
            var names = names(key, 0);
            return names.size() == 1 ? name + " is not set" : "None of " + String.join(", ", names) + " is set";
        }
        return SECRET.matcher(name).matches() || SECRET.matcher(key.toString()).matches()
                ? name + " has a wrong value"
                : "%s is '%s'".formatted(name, value.get());
    }

    /** A raw value with the values of its placeholders. */
    String resolved(Object value) {
        return environment.resolvePlaceholders(String.valueOf(value));
    }

    /** The text with the names of settings in place of their keys. */
    String inText(String text) {
        return KEY.matcher(text).replaceAll(key -> {
            var name = ConfigurationPropertyName.isValid(key.group())
                    ? of(ConfigurationPropertyName.of(key.group()))
                    : key.group();
            return Matcher.quoteReplacement(name);
        });
    }

    private Set<String> names(ConfigurationPropertyName key, int depth) {
        var found = property(key);
        if (found.isEmpty()) {
            return Set.of(key.toString());
        }
        var placeholders = placeholders(String.valueOf(found.get().getValue()));
        if (placeholders.isEmpty() || depth == MAX_DEPTH) {
            return Set.of(written(key, found.get()));
        }
        var set = placeholders.stream().filter(this::isSet).toList();
        // What is set nowhere is missing: then all of them are named.
        return (set.isEmpty() ? placeholders : set)
                .stream()
                        .flatMap(name -> (ConfigurationPropertyName.isValid(name)
                                        ? names(ConfigurationPropertyName.of(name), depth + 1)
                                        : Set.of(name))
                                .stream())
                        .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String written(ConfigurationPropertyName key, ConfigurationProperty property) {
        var origin = property.getOrigin();
        if (origin instanceof PropertySourceOrigin source) {
            if (source.getPropertySource() instanceof SystemEnvironmentPropertySource) {
                return source.getPropertyName();
            }
            origin = source.getOrigin();
        }
        return origin instanceof TextResourceOrigin file ? key + " (" + file + ")" : key.toString();
    }

    /** The property; of an element of a list that is written as one text, that text. */
    private Optional<ConfigurationProperty> property(ConfigurationPropertyName key) {
        for (var source : ConfigurationPropertySources.get(environment)) {
            var found = source.getConfigurationProperty(key);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return key.isLastElementIndexed() ? property(key.getParent()) : Optional.empty();
    }

    private boolean isSet(String name) {
        return environment.getPropertySources().stream()
                .filter(source -> !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source))
                .map((PropertySource<?> source) -> source.getProperty(name))
                .anyMatch(value -> value != null && !value.toString().isBlank());
    }

    private static List<String> placeholders(String value) {
        var names = new ArrayList<String>();
        var matcher = PLACEHOLDER.matcher(value);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }
}
