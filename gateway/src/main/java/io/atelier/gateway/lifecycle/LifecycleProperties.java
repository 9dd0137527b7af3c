package io.atelier.gateway.lifecycle;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the lifecycle and the view of jobs keep their state.
 *
 * @param bootstrapServers the brokers, host:port
 * @param stateDirectory belongs to one gateway: two of them must not share it
 * @param pools the pools whose requests are heard
 * @param patience how long to wait for a broker's answer before a start counts as failed
 */
@Validated
@ConfigurationProperties("io.atelier.lifecycle")
record LifecycleProperties(
        @NotBlank String bootstrapServers,
        Path stateDirectory,
        @NotEmpty List<String> pools,
        @DefaultValue("60s") Duration patience) {}
