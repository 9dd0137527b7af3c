package io.atelier.generator.provider;

import io.atelier.image.decode.DecodingBudget;
import io.atelier.messaging.settings.SettingRefused;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import okhttp3.HttpUrl;

/** Creates the clients of providers and registers the metrics {@code resilience4j.*} of each, tagged with the name of its engine. */
public final class ProviderClients {

    private final ResilienceRegistries registries;
    private final DecodingBudget budget;

    /** @param meters where the metrics are registered */
    public ProviderClients(MeterRegistry meters) {
        this(meters, DecodingBudget.ofProcess());
    }

    /** @param budget for decoding the images of all providers */
    ProviderClients(MeterRegistry meters, DecodingBudget budget) {
        this.registries = ResilienceRegistries.boundTo(meters);
        this.budget = budget;
    }

    /**
     * Parses the address of a server from a setting.
     *
     * @param setting name of the setting, for messages; the address is not repeated there, since it may contain a password
     * @return empty if the text is blank
     * @throws SettingRefused if it is not an http or https URL
     */
    public static Optional<HttpUrl> address(String text, String setting) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        var url = HttpUrl.parse(text.strip());
        if (url == null) {
            throw new SettingRefused(
                    "%s must be a URL: http:// or https://, a host, and an optional port, path and query."
                            .formatted(setting));
        }
        return Optional.of(url);
    }

    /** Creates the client for an engine; to be called once for each engine name. Opens no connection. */
    public ProviderClient open(String engine, ProviderSettings settings) {
        return new ProviderClient(settings, new Resilience(engine, settings, registries), budget);
    }
}
