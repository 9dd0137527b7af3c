package io.atelier.generator.engine.openai;

import io.atelier.generator.engine.openai.dialect.Dialect;
import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The servers with OpenAI's images API, each an engine of its own.
 *
 * @param servers by the name of the engine: lower-case letters, digits and hyphens
 */
@Validated
@ConfigurationProperties(OpenAiProperties.PREFIX)
public record OpenAiProperties(
        @DefaultValue
        Map<
                        @Pattern(
                                regexp = "[a-z0-9][a-z0-9-]*",
                                message = "must be lower-case letters, digits and hyphens")
                        String,
                        @Valid Server>
                servers) {

    static final String PREFIX = "io.atelier.engines.openai";

    public OpenAiProperties {
        servers = Map.copyOf(servers);
    }

    /**
     * One server.
     *
     * @param dialect how the server differs from OpenAI's API
     * @param url the server's address with the API's version, such as {@code http://gpu-1:8000/v1}; empty for OpenAI's own address, which is the
     *     default of the dialect {@code openai} only
     * @param key sent as a bearer token; empty for servers without keys
     * @param model the server's name of the model if the catalogue does not set {@code engine-model}; empty for the catalogue's name of the model
     * @param timeout the time limit of one call, in place of {@code remote.timeouts.read-timeout} and {@code remote.timeouts.call-timeout}
     * @param retryTimeouts whether a call that timed out is retried, in place of {@code remote.retry.timeouts}; the provider may charge for
     *     both calls
     * @param quality for gpt-image models: {@code low}, {@code medium}, {@code high}, {@code xhigh}, {@code max} or {@code auto}, unless a request
     *     says otherwise; empty for the vendor's default. Not every model takes {@code xhigh} and {@code max}
     * @param background for gpt-image models: {@code transparent}, {@code opaque} or {@code auto}, unless a request says otherwise; empty for the
     *     vendor's default
     * @param outputFormat for gpt-image models: {@code png}, {@code jpeg} or {@code webp}; empty for the vendor's default
     * @param moderation for gpt-image models: {@code low} or {@code auto}, unless a request says otherwise; empty for the vendor's default
     * @param partialImages for gpt-image models: the number of partial images that the provider sends before each image, 0 to 3. They report
     *     the progress and cost extra
     * @param remote the limits of calls to the server; a call that was rate-limited (429) is always retried
     */
    @ConfigurationPropertiesSource
    public record Server(
            @DefaultValue("openai") Dialect dialect,
            @DefaultValue("") String url,
            @DefaultValue("") String key,
            @DefaultValue("") String model,
            @DefaultValue("600s") @DurationMin(millis = 1) Duration timeout,
            @DefaultValue("false") boolean retryTimeouts,

            @DefaultValue("")
            @Pattern(
                    regexp = "|low|medium|high|xhigh|max|auto",
                    message =
                            "must be one of low, medium, high, xhigh, max, auto, or empty for the default of the server")
            String quality,

            @DefaultValue("")
            @Pattern(
                    regexp = "|transparent|opaque|auto",
                    message = "must be one of transparent, opaque, auto, or empty for the default of the server")
            String background,

            @DefaultValue("")
            @Pattern(
                    regexp = "|png|jpeg|webp",
                    message = "must be one of png, jpeg, webp, or empty for the default of the server")
            String outputFormat,

            @DefaultValue("")
            @Pattern(regexp = "|low|auto", message = "must be one of low, auto, or empty for the default of the server")
            String moderation,

            @DefaultValue("0") @Min(0) @Max(3) int partialImages,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        private static final Duration SPARE = Duration.ofSeconds(20);

        /** {@link #remote} with the timeouts and retries of this server. */
        ProviderSettings providerSettings() {
            return remote.withTimeouts(remote.timeouts().withResponseTimeout(timeout, timeout.plus(SPARE)))
                    .withRetry(remote.retry().withTimeouts(retryTimeouts).withRateLimits(true));
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Server[dialect=%s, url=%s, key=%s, model=%s, timeout=%s, remote=%s]"
                    .formatted(
                            dialect,
                            url.replaceAll("//[^/]*@", "//***@"),
                            key.isBlank() ? "" : "***",
                            model,
                            timeout,
                            remote);
        }
    }
}
