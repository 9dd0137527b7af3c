package io.atelier.gateway.faces.openai;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the face with OpenAI's images API.
 *
 * @param enabled whether its routes exist
 * @param streamTimeout how long a stream waits for its images; comments keep its connection open meanwhile
 */
@Validated
@ConfigurationProperties("io.atelier.faces.openai")
public record OpenAiFaceProperties(
        @DefaultValue("true") boolean enabled,

        @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration streamTimeout) {}
