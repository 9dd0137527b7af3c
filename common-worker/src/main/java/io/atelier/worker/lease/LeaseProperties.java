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
 * @param lock after which an order whose worker fell silent goes to another one; a setting of the share group, and the brokers allow 15 to
 *     60 seconds unless told otherwise
 * @param renewEvery how often a worker says that it still works; at most half of {@code lock}
 * @param stopGrace how long running tasks may go on when the process stops, before they are told to
 * @param cancelGrace how long a task that was told to stop may take for it, before its order is let go without it
 * @param releasePause how long an order that is given back is held first, so that it does not spin between workers
 * @param restartPause how long a slot whose consumer died waits before it starts a new one
 */
@Validated
@ConfigurationProperties("io.atelier.lease")
public record LeaseProperties(
        @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration lock,

        @DefaultValue("10s") @DurationMin(millis = 50) Duration renewEvery,
        @DefaultValue("30s") Duration stopGrace,
        @DefaultValue("5s") Duration cancelGrace,
        @DefaultValue("5s") Duration releasePause,
        @DefaultValue("2s") @DurationMin(millis = 10) Duration restartPause) {

    public LeaseProperties {
        if (renewEvery.multipliedBy(2).compareTo(lock) > 0) {
            throw new IllegalArgumentException(
                    "io.atelier.lease.renew-every is at most half of io.atelier.lease.lock, so that one missed renewal loses nothing; got "
                            + renewEvery + " and " + lock);
        }
    }
}
