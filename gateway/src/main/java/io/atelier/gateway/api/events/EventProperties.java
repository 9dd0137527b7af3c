package io.atelier.gateway.api.events;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of event streams.
 *
 * @param heartbeatInterval the interval of the comments that keep a quiet connection open, so that no proxy closes it
 * @param progressInterval the shortest time between two progress events of a job
 */
@Validated
@ConfigurationProperties("io.atelier.events")
public record EventProperties(
        @DefaultValue("15s") @DurationMin(millis = 50) Duration heartbeatInterval,
        @DefaultValue("200ms") @DurationMin(millis = 1) Duration progressInterval) {}
