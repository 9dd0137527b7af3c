package io.atelier.generator.engine.cloudflare;

import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Cloudflare draws, and by which keys. An engine that lacks one of its settings is there, but refuses all work.
 *
 * @param flux the worker behind the engine {@code cloudflare-flux}
 * @param sdxl the worker behind the engine {@code cloudflare-sdxl}
 * @param workersAi the account behind the engine {@code cloudflare-workers-ai}
 */
@Validated
@ConfigurationProperties("io.atelier.engines.cloudflare")
public record CloudflareSettings(
        @DefaultValue @Valid Flux flux,
        @DefaultValue @Valid Sdxl sdxl,
        @DefaultValue @Valid WorkersAi workersAi) {

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{10,}");
    private static final Pattern PLACEHOLDER =
            Pattern.compile("(?i)your[-_]?.*(key|token).*|.*change[-_]?me.*|.*placeholder.*|.*_here|(.)\\2*");

    /**
     * A worker that is asked by GET and wants no key.
     *
     * @param url its address; empty for none
     * @param remote how patiently it is asked
     */
    public record Flux(
            @DefaultValue("") String url,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** Without the address, which may hold a password. */
        @Override
        public String toString() {
            return "Flux[url=%s]".formatted(told(url));
        }
    }

    /**
     * A worker that is asked by POST with a key.
     *
     * @param url its address; empty for none
     * @param key what it wants to be shown; empty for none
     * @param remote how patiently it is asked
     */
    public record Sdxl(
            @DefaultValue("") String url,
            @DefaultValue("") String key,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** The key; empty if it cannot be one. */
        Optional<String> usableKey() {
            return usable(key);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Sdxl[url=%s, key=%s]".formatted(told(url), told(key));
        }
    }

    /**
     * An account whose owner pays for what is drawn.
     *
     * @param url where Cloudflare's API begins
     * @param account the account's id; empty for none
     * @param token that may run models of the account; empty for none
     * @param remote how patiently it is asked
     */
    public record WorkersAi(
            @DefaultValue("https://api.cloudflare.com/client/v4")
            String url,

            @DefaultValue("") String account,
            @DefaultValue("") String token,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** The token; empty if it cannot be one. */
        Optional<String> usableToken() {
            return usable(token);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "WorkersAi[account=%s, token=%s]".formatted(told(account), told(token));
        }
    }

    /** What people leave in their files from an example is no key. */
    private static Optional<String> usable(String key) {
        return Optional.of(key.strip())
                .filter(it -> KEY.matcher(it).matches())
                .filter(it -> !PLACEHOLDER.matcher(it).matches());
    }

    private static String told(String secret) {
        return secret.isBlank() ? "none" : "***";
    }
}
