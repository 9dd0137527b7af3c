package io.atelier.generator.provider;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import okhttp3.HttpUrl;

/** Opens the way to servers, and shows in the metrics {@code resilience4j.*} how each does, by the name of its engine. */
public final class ProviderClients {

    private final ResilienceRegistries registries;

    /** @param meters where the metrics go */
    public ProviderClients(MeterRegistry meters) {
        registries = ResilienceRegistries.shownIn(meters);
    }

    /**
     * The address of a server, as an operator wrote it.
     *
     * @param setting what people call the setting; the address is not repeated, for it may hold a password
     * @return empty if there is none
     * @throws IllegalArgumentException if it is no web address
     */
    public static Optional<HttpUrl> address(String text, String setting) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        var url = HttpUrl.parse(text.strip());
        if (url == null) {
            throw new IllegalArgumentException(
                    "%s must be a web address: http:// or https://, a host, and what else it takes."
                            .formatted(setting));
        }
        return Optional.of(url);
    }

    /** The way to the server behind an engine of that name, once for each name. Opens no connection. */
    public ProviderClient open(String engine, ProviderSettings settings) {
        return new ProviderClient(settings, new Resilience(engine, settings, registries));
    }
}
