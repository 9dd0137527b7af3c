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
 * Addresses and keys of the services at Cloudflare. An engine that lacks one of its settings exists, but fails every request.
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
     * A worker that is called by GET, without a key.
     *
     * @param url the worker's address; empty for none
     * @param remote the limits of calls to the worker
     */
    public record Flux(
            @DefaultValue("") String url,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** Without the address, which may contain a password. */
        @Override
        public String toString() {
            return "Flux[url=%s]".formatted(masked(url));
        }
    }

    /**
     * A worker that is called by POST, with a key.
     *
     * @param url the worker's address; empty for none
     * @param key sent as a bearer token; empty for none
     * @param remote the limits of calls to the worker
     */
    public record Sdxl(
            @DefaultValue("") String url,
            @DefaultValue("") String key,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** The key; empty if it is missing, malformed or a placeholder. */
        Optional<String> usableKey() {
            return usable(key);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "Sdxl[url=%s, key=%s]".formatted(masked(url), masked(key));
        }
    }

    /**
     * An account at Workers AI, which is charged for the images.
     *
     * @param url the base address of Cloudflare's API
     * @param account the account's id; empty for none
     * @param token with the permission to run models of the account; empty for none
     * @param remote the limits of calls to the API
     */
    public record WorkersAi(
            @DefaultValue("https://api.cloudflare.com/client/v4")
            String url,

            @DefaultValue("") String account,
            @DefaultValue("") String token,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        /** The token; empty if it is missing, malformed or a placeholder. */
        Optional<String> usableToken() {
            return usable(token);
        }

        /** Without the secrets. */
        @Override
        public String toString() {
            return "WorkersAi[account=%s, token=%s]".formatted(masked(account), masked(token));
        }
    }

    /** Placeholders that remain from an example file count as missing. */
    private static Optional<String> usable(String key) {
        return Optional.of(key.strip())
                .filter(text -> KEY.matcher(text).matches())
                .filter(text -> !PLACEHOLDER.matcher(text).matches());
    }

    private static String masked(String secret) {
        return secret.isBlank() ? "none" : "***";
    }
}
