package io.atelier.worker.lease;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How work is held and let go.
 *
 * @param lockTimeout after which an order whose worker fell silent goes to another one; a setting of the share group, and the brokers allow 15 to
 *     60 seconds unless told otherwise
 * @param renewInterval how often a worker says that it still works; at most half of {@code lockTimeout}
 * @param stopGracePeriod how long running tasks may go on when the process stops, before they are told to
 * @param cancelGracePeriod how long a task that was told to stop may take for it, before its order is let go without it
 * @param releaseInterval how long an order that is given back is held first, so that it does not spin between workers
 * @param restartInterval how long a slot whose consumer died waits before it starts a new one
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
        @DefaultValue("2s") @DurationMin(millis = 10) Duration restartInterval) {

    public LeaseProperties {
        if (renewInterval.multipliedBy(2).compareTo(lockTimeout) > 0) {
            throw new IllegalArgumentException(
                    "io.atelier.lease.renew-interval is at most half of io.atelier.lease.lock-timeout, so that one missed renewal loses nothing; got "
                            + renewInterval + " and " + lockTimeout);
        }
    }
}
