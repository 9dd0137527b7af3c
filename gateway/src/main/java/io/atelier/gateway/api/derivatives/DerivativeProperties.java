package io.atelier.gateway.api.derivatives;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the derivatives of images.
 *
 * @param threads how many derivatives are made at the same time
 * @param maxWaiting how many others may wait to be made; one more is refused
 */
@Validated
@ConfigurationProperties("io.atelier.images.derivatives")
public record DerivativeProperties(
        @DefaultValue("2") @Min(1) @Max(64) int threads,
        @DefaultValue("64") @Min(0) @Max(10_000) int maxWaiting) {}
