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
 * Who betters prompts, and where the language model is.
 *
 * @param kind {@code chat} for a language model behind OpenAI's chat completions, {@code flowise} for a flow, see {@link FlowiseProperties}
 * @param url of the API, to which {@code /chat/completions} is added, such as {@code https://openrouter.ai/api/v1}; empty for none
 * @param key shown as a bearer token; empty if the server wants none
 * @param model what the server calls the language model
 * @param timeout how long it may take; then the prompt is drawn as it is
 * @param remote how its server is asked; {@code timeout} counts in place of {@code remote.call}
 */
@Validated
@ConfigurationProperties(EnhancerProperties.PREFIX)
record EnhancerProperties(
        @DefaultValue("chat") @Pattern(regexp = "chat|flowise")
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
