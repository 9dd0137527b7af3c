package io.atelier.generator.prompt;

import io.atelier.generator.provider.ProviderSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the prompt rewriting, and of the language model.
 *
 * @param kind {@code chat} for a language model with OpenAI's chat completions API, {@code flowise} for a flow of {@link FlowiseProperties}
 * @param url of the API, to which {@code /chat/completions} is added, such as {@code https://openrouter.ai/api/v1}; empty if there is none
 * @param key sent as a bearer token; empty if the server needs none
 * @param model name of the language model at the server
 * @param timeout for one rewrite; after it the original prompt is used
 * @param remote settings of the HTTP client; {@code timeout} replaces {@code remote.timeouts.call-timeout}
 */
@Validated
@ConfigurationProperties(EnhancerProperties.PREFIX)
record EnhancerProperties(
        @DefaultValue("chat") @Pattern(regexp = "chat|flowise", message = "must be chat or flowise")
        String kind,

        @DefaultValue("") String url,
        @DefaultValue("") String key,
        @DefaultValue("") String model,
        @DefaultValue("5s") @DurationMin(millis = 1) Duration timeout,
        @DefaultValue @Valid @NestedConfigurationProperty ProviderSettings remote) {

    static final String PREFIX = "io.atelier.enhancer";

    boolean flowise() {
        return kind.equals("flowise");
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "EnhancerProperties[kind=%s, model=%s, timeout=%s]".formatted(kind, model, timeout);
    }
}
