package io.atelier.gateway.api.generations;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How cancellations are answered.
 *
 * @param answerTimeout how long to wait for what comes of one, before the answer says that it was asked for
 */
@Validated
@ConfigurationProperties("io.atelier.cancellations")
public record CancellationProperties(
        @DefaultValue("1s") @DurationMin(millis = 0) @DurationMax(seconds = 30)
        Duration answerTimeout) {}
