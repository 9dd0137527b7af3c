package io.atelier.gateway.api.commands;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of {@code POST /v1/commands}.
 *
 * @param enabled whether the route exists
 * @param models the models that a command can name, by their names in the catalogue
 * @param maxRequests how many commands of a user are accepted within the window
 * @param rateLimitInterval the length of the window, which slides
 */
@Validated
@ConfigurationProperties("io.atelier.commands")
public record CommandProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue({"flux", "sdxl"}) @NotEmpty List<@NotBlank String> models,
        @DefaultValue("10") @Min(1) @Max(1000) int maxRequests,

        @DefaultValue("60s") @DurationMin(seconds = 1) @DurationMax(hours = 24)
        Duration rateLimitInterval) {}
