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
 * How much this worker takes on and who it is.
 *
 * @param slots how many orders it works on at once. Each holds a decoded grid, so {@code mostPixels} times four bytes
 * @param largestGrid a grid of more bytes is refused; 1 GB at most
 * @param mostPixels a grid of more pixels is refused
 * @param storeStartTimeout how long a starting worker waits for the object store to answer before it gives up
 * @param workerId who it is, among all workers; made of the host's name and the process id if none is given
 */
@Validated
@ConfigurationProperties("io.atelier.splitter")
record SplitterProperties(
        @DefaultValue("1") @Min(1) @Max(64) int slots,
        @DefaultValue("64MB") DataSize largestGrid,
        @DefaultValue("100000000") @Min(1) @Max(500_000_000) long mostPixels,

        @DefaultValue("5m") @DurationMin(seconds = 0) Duration storeStartTimeout,

        @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
        String workerId) {

    SplitterProperties {
        if (largestGrid.toBytes() < 1 || largestGrid.compareTo(DataSize.ofGigabytes(1)) > 0) {
            throw new IllegalArgumentException(
                    "io.atelier.splitter.largest-grid is 1 byte to 1 GB; got " + largestGrid + ".");
        }
        if (workerId.isEmpty()) {
            workerId = WorkerId.ofThisProcess("splitter");
        }
    }
}
