package io.atelier.gateway.api.generations;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of reading jobs.
 *
 * @param newJobTimeout how long to wait for the view to show a job whose id was created within the last 10 s, before responding that it does not exist
 * @param announcedTimeout how long to wait for the view to show that a job ended, before responding that its image is not ready: a client that has
 *     received the event may be faster than the view
 * @param catchUpTimeout how long to wait for the lifecycle to process, and then for the view to show, all that was accepted before a request, each,
 *     before responding that it is unknown whether such a job or image exists
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
