package io.atelier.gateway.streams;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the Kafka Streams applications.
 *
 * @param stateDirectory the directory of their stores, used by one gateway only
 * @param startTimeout how long to wait for a broker before the start fails
 */
@Validated
@ConfigurationProperties("io.atelier.streams")
public record StreamsProperties(
        Path stateDirectory, @DefaultValue("60s") Duration startTimeout) {}
