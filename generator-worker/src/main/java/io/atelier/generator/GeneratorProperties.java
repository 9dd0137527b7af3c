package io.atelier.generator;

import io.atelier.worker.presence.WorkerId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What this worker does and who it is.
 *
 * @param slots how many tasks it works on at once
 * @param pool the queue it takes them from
 * @param remotePool the queue of the orders for engines that ask servers elsewhere, taken too if this worker has such an engine
 * @param remoteSlots how many of those it works on at once, beside the others; 0 leaves that queue to other workers. With 1, and no other
 *     worker on that queue, orders reach their engines strictly in the order in which they were given; what is tried again after a failure
 *     was reported, or by another model, is a new order behind the others
 * @param testCard whether it has the engine {@code test-card}, by which a prompt can stop the process: for tests and drills
 * @param storeStartTimeout how long a starting worker waits for the object store to answer before it gives up
 * @param workerId who it is, among all workers; made of the host's name and the process id if none is given
 */
@Validated
@ConfigurationProperties("io.atelier.generator")
record GeneratorProperties(
        @DefaultValue("2") @Min(1) @Max(64) int slots,

        @DefaultValue("default") @Pattern(regexp = "[a-z0-9][a-z0-9.-]*")
        String pool,

        @DefaultValue("remote") @Pattern(regexp = "[a-z0-9][a-z0-9.-]*")
        String remotePool,

        @DefaultValue("10") @Min(0) @Max(256) int remoteSlots,
        @DefaultValue("false") boolean testCard,

        @DefaultValue("5m") @DurationMin(seconds = 0) Duration storeStartTimeout,

        @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
        String workerId) {

    GeneratorProperties {
        if (workerId.isEmpty()) {
            workerId = WorkerId.ofThisProcess("generator");
        }
        if (pool.equals(remotePool) && remoteSlots > 0) {
            throw new IllegalArgumentException(
                    "The pool and the remote pool are both '%s'; give one another name, or set the remote slots to 0."
                            .formatted(pool));
        }
    }
}
