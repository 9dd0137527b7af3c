package io.atelier.gateway.streams;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where Kafka Streams keeps its stores.
 *
 * @param stateDirectory belongs to one gateway: two gateways must not share it
 * @param startTimeout how long to wait for a broker's answer before the start fails
 */
@Validated
@ConfigurationProperties("io.atelier.streams")
public record StreamsProperties(
        Path stateDirectory, @DefaultValue("60s") Duration startTimeout) {}
