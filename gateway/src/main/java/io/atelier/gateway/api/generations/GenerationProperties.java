package io.atelier.gateway.api.generations;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How jobs are shown.
 *
 * @param newJobTimeout how long to wait for the view to show a job whose id was made within the last 10 s, before saying that there is none
 * @param announcedTimeout how long to wait for the view to show that a job ended, before saying that its picture is not ready: whoever heard
 *     the announcement may be faster than the view
 * @param catchUpTimeout how long the lifecycle may take to enter all that was accepted before a request, and the view to show it, each, before
 *     the gateway says that it cannot tell whether there is such a job or picture
 */
@Validated
@ConfigurationProperties("io.atelier.generations")
public record GenerationProperties(
        @DefaultValue("2s") @DurationMin(millis = 0) @DurationMax(seconds = 30)
        Duration newJobTimeout,

        @DefaultValue("1s") @DurationMin(millis = 0) @DurationMax(seconds = 30)
        Duration announcedTimeout,

        @DefaultValue("10s") @DurationMin(millis = 0) @DurationMax(seconds = 60)
        Duration catchUpTimeout) {}
