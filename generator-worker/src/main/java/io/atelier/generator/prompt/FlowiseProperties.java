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
 * Settings of the Flowise flow that writes prompts.
 *
 * @param url of the server, without {@code /api/v1}; empty if there is none
 * @param flow id of the flow
 * @param token sent as a bearer token; empty if the server needs none
 * @param timeout for one run of the flow
 * @param retryTimeouts whether a run that timed out is repeated when it writes the prompt of a persona: the flow may still be working, and
 *     its language model may charge for both
 * @param remote settings of the HTTP client; {@code timeout} replaces {@code remote.timeouts.call-timeout}
 */
@Validated
@ConfigurationProperties(FlowiseProperties.PREFIX)
public record FlowiseProperties(
        @DefaultValue("") String url,

        @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9-]*", message = "must be letters, digits and hyphens")
        String flow,

        @DefaultValue("") String token,
        @DefaultValue("120s") @DurationMin(millis = 1) Duration timeout,
        @DefaultValue("false") boolean retryTimeouts,
        @DefaultValue @Valid @NestedConfigurationProperty ProviderSettings remote) {

    static final String PREFIX = "io.atelier.flowise";

    private static final Duration SPARE = Duration.ofSeconds(20);

    /** Whether there is a flow to run. */
    public boolean configured() {
        return !url.isBlank() && !flow.isBlank();
    }

    /** {@link #remote} for runs whose result is required: with retries, also of runs that were refused with 429. */
    public ProviderSettings settingsWithRetries() {
        return remote.withTimeouts(remote.timeouts().withResponseTimeout(timeout, timeout.plus(SPARE)))
                .withRetry(remote.retry().withTimeouts(retryTimeouts).withRateLimits(true));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "FlowiseProperties[flow=%s, timeout=%s]".formatted(flow, timeout);
    }
}
