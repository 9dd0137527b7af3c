package io.atelier.generator.provider;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Provider settings for tests; keys that are not given have their defaults. */
public final class SampleSettings {

    private SampleSettings() {}

    /** Keys such as {@code timeouts.read-timeout} or {@code retry.base-interval} and their values, alternating. */
    public static ProviderSettings of(String... namesAndValues) {
        return bound(ProviderSettings.class, namesAndValues);
    }

    /** Like {@link #of}, with a retry interval of 10 ms. */
    public static ProviderSettings quick(String... namesAndValues) {
        var all = new String[namesAndValues.length + 2];
        all[0] = "retry.base-interval";
        all[1] = "10ms";
        System.arraycopy(namesAndValues, 0, all, 2, namesAndValues.length);
        return of(all);
    }

    /** A record of settings, bound as Spring Boot does. */
    public static <T> T bound(Class<T> type, String... namesAndValues) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put("test." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("test", type);
    }
}
