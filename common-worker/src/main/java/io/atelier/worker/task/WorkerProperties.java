package io.atelier.worker.task;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How every worker works.
 *
 * @param interruptGracePeriod how long an engine may go on once its thread was interrupted, before it is given up
 * @param restartWhenStuck whether this process may end when it has given an engine up. Only where it does nothing else, and something
 *     starts it again
 * @param storeTimeout how long a task whose pictures are made waits for a store that is down, before it has failed
 * @param heartbeatInterval how often a worker says that it is there
 */
@Validated
@ConfigurationProperties("io.atelier.worker")
public record WorkerProperties(
        @DefaultValue("5s") Duration interruptGracePeriod,
        @DefaultValue("false") boolean restartWhenStuck,
        @DefaultValue("60s") Duration storeTimeout,
        @DefaultValue("5s") @DurationMin(millis = 10) Duration heartbeatInterval) {}
