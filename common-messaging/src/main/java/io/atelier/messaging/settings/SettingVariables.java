package io.atelier.messaging.settings;

import java.util.Map;
import java.util.stream.Collectors;

/** The rule for environment variables of all processes: an empty one is one that is not set. */
public final class SettingVariables {

    private SettingVariables() {}

    /** The variables that have a value other than blanks. */
    public static <V> Map<String, V> set(Map<String, V> environment) {
        return environment.entrySet().stream()
                .filter(variable -> !variable.getValue().toString().isBlank())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
