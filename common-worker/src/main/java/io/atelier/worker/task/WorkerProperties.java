package io.atelier.worker.task;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of every worker.
 *
 * @param interruptGracePeriod how long an engine may continue after its thread was interrupted, before it is given up
 * @param restartWhenStuck whether the process ends when it has given up an engine. Only for a process that does nothing else and is
 *     restarted by a supervisor
 * @param storeTimeout how long a task waits for a store that is down, before it fails
 * @param heartbeatInterval the time between two heartbeats of a worker
 * @param startReportGracePeriod how long a task runs until its start is reported by itself. The end of a shorter task is reported together with its
 *     start; the start of a task that calls a provider is reported before the call
 * @param markImages whether stored images get an XMP packet that says that a model generated them. Switch it off only if something else marks
 *     them: a law may require it, such as Article 50 of the AI Act of the European Union
 */
@Validated
@ConfigurationProperties("io.atelier.worker")
public record WorkerProperties(
        @DefaultValue("5s") Duration interruptGracePeriod,
        @DefaultValue("false") boolean restartWhenStuck,
        @DefaultValue("60s") Duration storeTimeout,
        @DefaultValue("5s") @DurationMin(millis = 10) Duration heartbeatInterval,
        @DefaultValue("200ms") Duration startReportGracePeriod,
        @DefaultValue("true") boolean markImages) {}
