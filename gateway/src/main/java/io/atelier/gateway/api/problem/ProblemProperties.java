package io.atelier.gateway.api.problem;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of problem responses.
 *
 * @param base the prefix of the member {@code type}, before the slug. Clients may compare the whole value: choose it once
 * @param drain how much of the unread body of a refused request is read and discarded, so that the client can read the response
 * @param drainTimeout the timeout for reading it
 */
@Validated
@ConfigurationProperties("io.atelier.problem")
public record ProblemProperties(
        @DefaultValue("urn:atelier:problem:") @NotBlank String base,
        @DefaultValue("64MB") @NotNull DataSize drain,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration drainTimeout) {}
