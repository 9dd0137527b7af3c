package io.atelier.gateway.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the lifecycle and the view of jobs keep their state.
 *
 * @param stateDirectory belongs to one gateway: two of them must not share it
 * @param patience how long to wait for a broker's answer before a start counts as failed
 * @param cancelPatience how long, after the grace of a cancellation, the worker may take to say that it stopped; then the job is over
 *     without that being known
 * @param rememberErased how long it is remembered that there was a job whose pictures and words were erased
 */
@Validated
@ConfigurationProperties("io.atelier.lifecycle")
record LifecycleProperties(
        Path stateDirectory,
        @DefaultValue("60s") Duration patience,
        @DefaultValue("60s") @DurationMin(seconds = 0) Duration cancelPatience,
        @DefaultValue("30d") @DurationMin(seconds = 1) Duration rememberErased) {}
