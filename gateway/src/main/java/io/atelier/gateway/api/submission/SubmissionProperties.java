package io.atelier.gateway.api.submission;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How jobs are taken in.
 *
 * @param maxBody the largest body that is read
 * @param drain how much of a larger body is taken off the wire and thrown away, so that the client gets to read the answer
 * @param bodyTimeout how long a body may take to arrive
 * @param maxAttempts the attempt after which a job is given up
 * @param retentionTtl how long the pictures and words of a job are kept after its end, if the client does not say; null for ever
 * @param visibleTimeout how long to wait, after the brokers have the job, for this gateway's own view to show it
 */
@Validated
@ConfigurationProperties("io.atelier.submission")
public record SubmissionProperties(
        @DefaultValue("1MB") @NotNull DataSize maxBody,
        @DefaultValue("64MB") @NotNull DataSize drain,
        @DefaultValue("60s") @DurationMin(seconds = 1) Duration bodyTimeout,
        @DefaultValue("3") @Min(1) @Max(8) int maxAttempts,

        @Nullable @DurationMin(seconds = 0) Duration retentionTtl,

        @DefaultValue("1s") @DurationMin(millis = 0) @DurationMax(seconds = 10)
        Duration visibleTimeout) {}
