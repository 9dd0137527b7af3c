package io.atelier.gateway.api.submission;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of admission control.
 *
 * @param startGracePeriod how long after its start the gateway also accepts jobs whose engine no worker has ever announced, because workers may be
 *     starting too
 */
@Validated
@ConfigurationProperties("io.atelier.admission")
public record AdmissionProperties(
        @DefaultValue("60s") @DurationMin(seconds = 0) Duration startGracePeriod) {}
