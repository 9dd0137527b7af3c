package io.atelier.http;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the HTTP listener, {@code io.atelier.http}.
 *
 * @param hosts host names without port that requests may name in the header {@code Host}, beside {@code localhost} and the address at which
 *     they arrive; {@code *.example.org} is every name below {@code example.org}, {@code *} is every name. If it is empty, a listener on a
 *     loopback address accepts no other names, and any other listener accepts every name
 * @param corsOrigins origins of other web pages that may use the API, such as {@code https://app.example.org}; {@code *} is every origin. By
 *     default no other page may
 * @param idleTimeout how long a connection may take until the head of its next request is complete, also of its first one
 * @param requestTimeout how long the body of a request may take to arrive
 */
@Validated
@ConfigurationProperties("io.atelier.http")
public record HttpProperties(
        @DefaultValue List<String> hosts,
        @DefaultValue List<String> corsOrigins,
        @DefaultValue("60s") @DurationMin(millis = 1) Duration idleTimeout,
        @DefaultValue("120s") @DurationMin(millis = 1) Duration requestTimeout) {

    private static final Pattern HOST =
            Pattern.compile("\\*|(\\*\\.)?[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\\[[0-9a-f:.]+]");
    private static final Pattern ORIGIN =
            Pattern.compile("\\*|[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:\\d{1,5})?");

    public HttpProperties {
        hosts = checked(
                "io.atelier.http.hosts (ATELIER_HTTP_HOSTS)",
                hosts,
                HOST,
                "a host name or address without scheme and port, such as images.example.org, '*.' and a name, or '*'");
        corsOrigins = checked(
                "io.atelier.http.cors-origins (ATELIER_CORS_ORIGINS)",
                corsOrigins,
                ORIGIN,
                "an origin without a path, such as https://app.example.org or http://localhost:3000, or '*'");
    }

    private static List<String> checked(String setting, List<String> entries, Pattern allowed, String form) {
        return entries.stream()
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .peek(entry -> {
                    if (!allowed.matcher(entry).matches()) {
                        throw new IllegalArgumentException(
                                "%s has the entry '%s'; each entry must be %s".formatted(setting, entry, form));
                    }
                })
                .toList();
    }
}
