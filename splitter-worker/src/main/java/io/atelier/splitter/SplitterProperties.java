package io.atelier.splitter;

import io.atelier.worker.presence.WorkerId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of a splitter worker.
 *
 * @param slots how many tasks it runs at once, 1 to 64. Each holds a decoded grid in memory, which is {@code mostPixels} times 4 bytes
 * @param largestGrid the largest grid in bytes, 1 byte to 1 GB; larger ones fail the task
 * @param mostPixels the largest grid in pixels, 1 to 500 million; larger ones fail the task
 * @param storeStartTimeout how long a starting worker waits for the object store before it ends
 * @param publishSlots how many tasks that publish images it runs at once beside the others, 1 to 16. Each copies up to four images at a time
 * @param workerId the unique id of this worker; by default composed of the host name and the process id
 */
@Validated
@ConfigurationProperties("io.atelier.splitter")
record SplitterProperties(
        @DefaultValue("1") @Min(1) @Max(64) int slots,
        @DefaultValue("64MB") DataSize largestGrid,
        @DefaultValue("100000000") @Min(1) @Max(500_000_000) long mostPixels,

        @DefaultValue("5m") @DurationMin(seconds = 0) Duration storeStartTimeout,

        @DefaultValue("1") @Min(1) @Max(16) int publishSlots,

        @DefaultValue("")
        @Pattern(
                regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
                message = "must be 1 to 100 letters, digits, dots, hyphens and underscores, and begin with a letter or"
                        + " digit")
        String workerId) {

    SplitterProperties {
        if (largestGrid.toBytes() < 1 || largestGrid.compareTo(DataSize.ofGigabytes(1)) > 0) {
            throw new IllegalArgumentException(
                    "io.atelier.splitter.largest-grid must be 1 byte to 1 GB; got " + largestGrid + ".");
        }
        if (workerId.isEmpty()) {
            workerId = WorkerId.ofThisProcess("splitter");
        }
    }
}
