package io.atelier.gateway.faces.submission;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of all faces.
 *
 * @param waitTimeout how long a request waits for its images before it is answered with a timeout; the job goes on. Many proxies cut a request
 *     off after 60 s
 * @param joinTtl for how long after a job was created a repeated request without a key finds it
 */
@Validated
@ConfigurationProperties("io.atelier.faces")
public record FaceProperties(
        @DefaultValue("55s") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration waitTimeout,

        @DefaultValue("15m") @DurationMin(seconds = 1) @DurationMax(days = 1)
        Duration joinTtl) {}
