package io.atelier.generator;

import io.atelier.messaging.MessagingProperties;
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
 * Settings of the generator worker.
 *
 * @param slots number of tasks that are processed at once
 * @param pool the pool from which the worker takes tasks
 * @param remotePool the pool for engines that call other servers; the worker also takes tasks from it if it has such an engine
 * @param remoteSlots number of tasks of the remote pool that are processed at once, in addition to {@code slots}; 0 leaves them to other workers.
 *     With 1, and no other worker for that pool, tasks reach their engines strictly in the order in which they were published; a further
 *     attempt after a reported failure and a fallback are new tasks at the end of the queue
 * @param promptSlots number of prompts of avatars that are written at once, in addition to {@code slots}: they use no device of this machine
 * @param testCard whether the engine {@code test-card} obeys words in prompts, which can make it slow, fail or end the process: for tests and exercises
 * @param storeStartTimeout how long a starting worker waits for the object store before it ends
 * @param workerId unique id of the worker; made of the host name and the process id if it is empty
 */
@Validated
@ConfigurationProperties("io.atelier.generator")
record GeneratorProperties(
        @DefaultValue("2") @Min(1) @Max(64) int slots,

        @DefaultValue("default") @Pattern(regexp = MessagingProperties.POOL, message = MessagingProperties.POOL_RULE)
        String pool,

        @DefaultValue("remote") @Pattern(regexp = MessagingProperties.POOL, message = MessagingProperties.POOL_RULE)
        String remotePool,

        @DefaultValue("10") @Min(0) @Max(256) int remoteSlots,
        @DefaultValue("4") @Min(1) @Max(64) int promptSlots,
        @DefaultValue("false") boolean testCard,

        @DefaultValue("5m") @DurationMin(seconds = 0) Duration storeStartTimeout,

        @DefaultValue("")
        @Pattern(
                regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
                message = "must be 1 to 100 letters, digits, dots, hyphens and underscores, and begin with a letter or"
                        + " digit")
        String workerId) {

    GeneratorProperties {
        if (workerId.isEmpty()) {
            workerId = WorkerId.ofThisProcess("generator");
        }
        if (pool.equals(remotePool) && remoteSlots > 0) {
            throw new IllegalArgumentException(
                    "io.atelier.generator.pool and io.atelier.generator.remote-pool are both '%s'. Rename one of them, or set io.atelier.generator.remote-slots to 0."
                            .formatted(pool));
        }
    }
}
