package io.atelier.gateway.api.images;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How pictures are sent.
 *
 * @param maxDownloads how many are streamed at once; one more is refused. Each takes a connection to the store and a thread
 * @param gracePeriod how long a download may take, beside the time for its bytes
 * @param minRate how many bytes a second a client must take; who is slower is broken off
 * @param linkTtl how long the links of {@code delivery=redirect} read the store
 */
@Validated
@ConfigurationProperties("io.atelier.images")
public record ImageProperties(
        @DefaultValue("64") @Min(1) @Max(1024) int maxDownloads,
        @DefaultValue("30s") @DurationMin(millis = 100) Duration gracePeriod,
        @DefaultValue("16KB") @NotNull DataSize minRate,

        @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(days = 7)
        Duration linkTtl) {

    /** The longest that a download of so many bytes may take. */
    Duration longest(long bytes) {
        return gracePeriod.plusMillis(bytes * 1_000 / Math.max(1, minRate.toBytes()));
    }
}
