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
 * The servers that speak as OpenAI's images API does, each an engine of its own.
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
     * @param dialect its manners
     * @param url its address with the API's version, such as {@code http://gpu-1:8000/v1}; empty for the vendor's own, which only the dialect
     *     {@code openai} has
     * @param key shown as a bearer token; empty for servers that want none
     * @param model what the server calls its model, unless the catalogue says it; empty for the catalogue's name of the model
     * @param timeout how long one answer may take, in place of {@code remote.timeouts.read-timeout} and
     *     {@code remote.timeouts.call-timeout}
     * @param retryTimeouts whether what took too long is asked for again, in place of {@code remote.retry.timeouts}: it may have been paid
     *     for
     * @param quality for gpt-image models: {@code low}, {@code medium}, {@code high} or {@code auto}; empty for the vendor's default
     * @param background for gpt-image models: {@code transparent}, {@code opaque} or {@code auto}; empty for the vendor's default
     * @param outputFormat for gpt-image models: {@code png}, {@code jpeg} or {@code webp}; empty for the vendor's default
     * @param moderation for gpt-image models: {@code low} or {@code auto}; empty for the vendor's default
     * @param partialImages for gpt-image models: how many sketches are sent while a picture is drawn, which tell the progress; they cost. 0
     *     for none
     * @param remote how patiently it is dealt with; calls that came too often are always made again
     */
    @ConfigurationPropertiesSource
    public record Server(
            @DefaultValue("openai") Dialect dialect,
            @DefaultValue("") String url,
            @DefaultValue("") String key,
            @DefaultValue("") String model,
            @DefaultValue("600s") @DurationMin(millis = 1) Duration timeout,
            @DefaultValue("false") boolean retryTimeouts,

            @DefaultValue("") @Pattern(regexp = "|low|medium|high|auto")
            String quality,

            @DefaultValue("") @Pattern(regexp = "|transparent|opaque|auto")
            String background,

            @DefaultValue("") @Pattern(regexp = "|png|jpeg|webp")
            String outputFormat,

            @DefaultValue("") @Pattern(regexp = "|low|auto") String moderation,

            @DefaultValue("0") @Min(0) @Max(3) int partialImages,

            @DefaultValue @Valid @NestedConfigurationProperty
            ProviderSettings remote) {

        private static final Duration SPARE = Duration.ofSeconds(20);

        /** How patiently it is dealt with, all settings considered. */
        ProviderSettings patience() {
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
