package io.atelier.gateway.api.submission;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which jobs are let in.
 *
 * @param startGracePeriod how long after its start the gateway also takes jobs that nobody ever announced to be able to do: workers may be starting,
 *     too
 */
@Validated
@ConfigurationProperties("io.atelier.admission")
public record AdmissionProperties(
        @DefaultValue("60s") @DurationMin(seconds = 0) Duration startGracePeriod) {}
