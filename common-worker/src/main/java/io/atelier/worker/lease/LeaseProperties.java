package io.atelier.worker.lease;

import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of leases.
 *
 * @param lockTimeout the time after which the broker delivers a task again whose worker no longer renews its lease; a setting of the share
 *     group. By default, brokers allow 15 to 60 seconds
 * @param renewInterval how often a worker renews a lease; at most half of {@code lockTimeout}
 * @param stopGracePeriod how long running tasks may continue when the process stops, before their cancellation is requested
 * @param cancelGracePeriod how long a stopping process waits for canceled tasks, before it releases them without waiting
 * @param releaseInterval how long a task is held before it is released, so that it does not circulate between workers
 * @param journal the folder in which running tasks are recorded, so that a task that ends its process is counted. Only for a worker in one
 *     process with the broker, whose count of deliveries ends with it; not set elsewhere
 * @param restartInterval how long a slot whose consumer ended waits before it starts a new one
 */
@Validated
@ConfigurationProperties("io.atelier.lease")
public record LeaseProperties(
        @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration lockTimeout,

        @DefaultValue("10s") @DurationMin(millis = 50) Duration renewInterval,
        @DefaultValue("30s") Duration stopGracePeriod,
        @DefaultValue("5s") Duration cancelGracePeriod,
        @DefaultValue("5s") Duration releaseInterval,
        @DefaultValue("2s") @DurationMin(millis = 10) Duration restartInterval,
        @Nullable Path journal) {

    public LeaseProperties {
        if (renewInterval.multipliedBy(2).compareTo(lockTimeout) > 0) {
            throw new IllegalArgumentException(
                    "io.atelier.lease.renew-interval must be at most half of io.atelier.lease.lock-timeout, so that one missed renewal does not lose a lease; got "
                            + renewInterval + " and " + lockTimeout);
        }
    }
}
