package io.atelier.gateway.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the lifecycle and the view of jobs keep their state.
 *
 * @param stateDirectory belongs to one gateway: two of them must not share it
 * @param patience how long to wait for a broker's answer before a start counts as failed
 */
@Validated
@ConfigurationProperties("io.atelier.lifecycle")
record LifecycleProperties(
        Path stateDirectory, @DefaultValue("60s") Duration patience) {}
