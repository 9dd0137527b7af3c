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
 * Settings of the delivery of images.
 *
 * @param maxDownloads the highest number of downloads at the same time; one more is refused. Each needs a connection to the store and a thread
 * @param gracePeriod the time that a download may take in addition to that for its bytes
 * @param minRate the bytes per second that a client must take; a slower download is aborted
 * @param linkTtl how long the links of {@code delivery=redirect} are valid
 */
@Validated
@ConfigurationProperties("io.atelier.images")
public record ImageProperties(
        @DefaultValue("64") @Min(1) @Max(1024) int maxDownloads,
        @DefaultValue("30s") @DurationMin(millis = 100) Duration gracePeriod,
        @DefaultValue("16KB") @NotNull DataSize minRate,

        @DefaultValue("10m") @DurationMin(seconds = 1) @DurationMax(days = 7)
        Duration linkTtl) {

    /** The longest time that a download of so many bytes may take. */
    Duration timeout(long bytes) {
        return gracePeriod.plusMillis(bytes * 1_000 / Math.max(1, minRate.toBytes()));
    }
}
