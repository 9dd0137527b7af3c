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
 * How problems are named and told.
 *
 * @param base what comes before the short name in the member {@code type}. Clients may compare the whole: choose it once
 * @param drain how much of a refused body is taken off the wire and thrown away, so that the client gets to read the answer
 * @param drainTimeout how long that may take
 */
@Validated
@ConfigurationProperties("io.atelier.problem")
public record ProblemProperties(
        @DefaultValue("urn:atelier:problem:") @NotBlank String base,
        @DefaultValue("64MB") @NotNull DataSize drain,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration drainTimeout) {}
