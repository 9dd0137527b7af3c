package io.atelier.gateway.lifecycle;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the lifecycle, {@code io.atelier.lifecycle}.
 *
 * @param cancelAnswerTimeout how long, after the grace period of a cancellation, the worker may take to report that it stopped; then the job
 *     ends without that confirmation
 * @param erasedJobTtl how long an erased job is kept before it is purged
 */
@Validated
@ConfigurationProperties("io.atelier.lifecycle")
record LifecycleProperties(
        @DefaultValue("60s") @DurationMin(seconds = 0) Duration cancelAnswerTimeout,
        @DefaultValue("30d") @DurationMin(seconds = 1) Duration erasedJobTtl) {}
