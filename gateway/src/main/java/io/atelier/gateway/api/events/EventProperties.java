package io.atelier.gateway.api.events;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How streams of events are sent.
 *
 * @param heartbeatInterval how often a stream says that it is alive, so that nobody between takes it for dead
 * @param progressInterval the shortest time between two events of the progress of a job
 */
@Validated
@ConfigurationProperties("io.atelier.events")
public record EventProperties(
        @DefaultValue("15s") @DurationMin(millis = 50) Duration heartbeatInterval,
        @DefaultValue("200ms") @DurationMin(millis = 1) Duration progressInterval) {}
