package io.atelier.gateway.api.batches;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of batches.
 *
 * @param maxQueued how many generations may wait for a model after a batch was added; a batch that would exceed it is refused as a whole
 */
@Validated
@ConfigurationProperties("io.atelier.batches")
public record BatchProperties(@DefaultValue("1000") @Min(1) int maxQueued) {}
