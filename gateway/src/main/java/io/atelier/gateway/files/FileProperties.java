package io.atelier.gateway.files;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of uploaded files, {@code io.atelier.files}.
 *
 * @param maxSize the largest file that is accepted
 * @param memory what all files together may have that are being uploaded at the same time; one more is refused. A file takes up to three times
 *     its size while it is stored
 * @param drain how much of a body that is too large is received and discarded, so that the client can read the response
 * @param uploadTimeout the timeout for receiving a file
 * @param ttl how long a file is kept after each use, if its upload does not say
 * @param maxTtl the longest time that an upload may say
 * @param sweepInterval the longest time between two sweeps that delete files whose time has passed; each is random between half of it and the
 *     whole, so that several gateways do not sweep at the same time. 0 for no sweeps
 * @param gracePeriod how long such a file stays in the store: longer than any request takes
 * @param tombstoneTtl how long a file that was deleted or has expired is answered with 410; after that, it is 404
 */
@Validated
@ConfigurationProperties("io.atelier.files")
public record FileProperties(
        @DefaultValue("50MB") @NotNull DataSize maxSize,
        @DefaultValue("64MB") @NotNull DataSize memory,
        @DefaultValue("64MB") @NotNull DataSize drain,
        @DefaultValue("100s") @DurationMin(seconds = 1) Duration uploadTimeout,
        @DefaultValue("7d") @DurationMin(minutes = 1) Duration ttl,

        @DefaultValue("365d") @DurationMin(minutes = 1) @DurationMax(days = 36_500)
        Duration maxTtl,

        @DefaultValue("1h") @DurationMin Duration sweepInterval,
        @DefaultValue("1h") @DurationMin Duration gracePeriod,
        @DefaultValue("30d") @DurationMin Duration tombstoneTtl) {}
