package io.atelier.gateway.api.generations;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of cancellations.
 *
 * @param answerTimeout how long the response waits for the new job state
 */
@Validated
@ConfigurationProperties("io.atelier.cancellations")
public record CancellationProperties(
        @DefaultValue("1s") @DurationMin(millis = 0) @DurationMax(seconds = 30)
        Duration answerTimeout) {}
