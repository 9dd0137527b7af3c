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
 * @param reconciliationInterval how often open and recent jobs are compared with the topics, to repair what a crash of a machine left
 *     incomplete; also done after the start; 0 for never
 * @param reconciliationGracePeriod time from the start until the first comparison, in which workers lease their tasks again; also from a repair until
 *     the next comparison
 */
@Validated
@ConfigurationProperties("io.atelier.lifecycle")
record LifecycleProperties(
        @DefaultValue("60s") @DurationMin(seconds = 0) Duration cancelAnswerTimeout,
        @DefaultValue("30d") @DurationMin(seconds = 1) Duration erasedJobTtl,
        @DefaultValue("10m") @DurationMin(seconds = 0) Duration reconciliationInterval,
        @DefaultValue("15s") @DurationMin(millis = 1) Duration reconciliationGracePeriod) {}
