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
 * Settings of submissions.
 *
 * @param maxBody the largest body that is accepted
 * @param drain how much of a larger body is read and discarded, so that the client can read the response
 * @param bodyTimeout the timeout for receiving a body
 * @param maxAttempts how many attempts a job has
 * @param retentionTtl how long the images and texts of a job are kept after its end, if the request does not say; null for ever
 * @param visibleTimeout how long to wait for this gateway's own view to show a job that the brokers have confirmed
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
