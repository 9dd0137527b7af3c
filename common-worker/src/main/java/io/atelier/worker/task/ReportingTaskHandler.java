package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.PublishingFailed;
import io.atelier.worker.engine.DeviceRelease;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskDisposition;
import io.atelier.worker.lease.TaskHandler;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a task done, and reports its start and its end: done, failed, or stopped since its job was canceled. What was stopped because the
 * process does, or cannot be reported, is given back without a report.
 *
 * @param <T> an order
 */
public final class ReportingTaskHandler<T> implements TaskHandler<T> {

    /** Unlike any status that Java or a signal gives. */
    static final int RESTART_STATUS = 87;

    private static final Logger log = LoggerFactory.getLogger(ReportingTaskHandler.class);

    private final TaskLogic<T> work;
    private final EventPublisher events;
    private final InstantSource clock;
    private final WorkerProperties properties;
    private final Runnable restart;

    public ReportingTaskHandler(
            TaskLogic<T> work, EventPublisher events, InstantSource clock, WorkerProperties properties) {
        // Nothing less would do: an orderly end waits for the very thread that does not stop.
        this(work, events, clock, properties, () -> Runtime.getRuntime().halt(RESTART_STATUS));
    }

    /** @param restart ends the process, and lets others start it again */
    ReportingTaskHandler(
            TaskLogic<T> work,
            EventPublisher events,
            InstantSource clock,
            WorkerProperties properties,
            Runnable restart) {
        this.work = work;
        this.events = events;
        this.clock = clock;
        this.properties = properties;
        this.restart = restart;
    }

    @Override
    public TaskDisposition handle(Lease<T> lease) throws InterruptedException {
        var attempt = work.attempt(lease);
        try {
            if (lease.cancellation().requested()) {
                return interrupted(attempt, lease, new TaskInterrupted());
            }
            report(attempt.started(clock.instant()));
            return carryOut(attempt, lease);
        } catch (PublishingFailed e) {
            log.warn("{}: could not be reported and is given back: {}", attempt, e.getMessage());
            return TaskDisposition.RELEASE;
        }
    }

    private TaskDisposition carryOut(TaskAttempt attempt, Lease<T> lease) throws InterruptedException {
        var run = new TaskContext(
                attempt, lease.cancellation(), events::publish, clock, properties.interruptGracePeriod());
        JobEvent end;
        try {
            var made = work.make(lease.order(), run);
            end = attempt.succeeded(clock.instant(), made);
            log.info("{}: done", attempt);
        } catch (TaskInterrupted e) {
            if (lease.cancellation().requested()) {
                return interrupted(attempt, lease, e);
            }
            end = failed(attempt, new Failure(Code.ENGINE_ERROR, "The engine stopped by itself."));
        } catch (RuntimeException e) {
            end = work.failure(e)
                    .map(known -> failed(attempt, known, untold(known, e)))
                    .orElseGet(() -> failed(attempt, unexpected(attempt, e)));
        } catch (OutOfMemoryError e) {
            log.error("{}: out of memory", attempt, e);
            var message =
                    "The worker ran out of memory. Ask for fewer or smaller images, or give the worker more memory.";
            end = failed(attempt, new Failure(Code.OUT_OF_MEMORY, message));
        } catch (Error e) {
            end = failed(attempt, unexpected(attempt, e));
        }
        report(end);
        return TaskDisposition.ACCEPT;
    }

    private TaskDisposition interrupted(TaskAttempt attempt, Lease<T> lease, TaskInterrupted stop)
            throws InterruptedException {
        var cancellationRequest = lease.cancellation().cancellationRequest();
        if (cancellationRequest.isEmpty()) {
            log.info("{}: stopped", attempt);
            return TaskDisposition.RELEASE;
        }
        var freed = stop.freed();
        if (freed != null && freed.stuck()) {
            return giveUp(attempt, lease, freed);
        }
        // Without an engine at work the device was free all along.
        var after = freed == null ? cancellationRequest.get().age() : freed.after();
        var by = freed == null ? DeviceRelease.ENGINE : freed.by();
        log.info("{}: canceled; {} ms after the word came all was idle", attempt, after.toMillis());
        report(attempt.canceled(clock.instant(), after.toMillis(), by));
        return TaskDisposition.ACCEPT;
    }

    /** Ends the process if it may. Otherwise the order ends, and its place stays taken for as long as the engine goes on. */
    private TaskDisposition giveUp(TaskAttempt attempt, Lease<T> lease, DeviceRelease freed)
            throws InterruptedException {
        if (properties.restartWhenStuck()) {
            log.error("{}: its engine does not stop, so this process ends with status {}", attempt, RESTART_STATUS);
            try {
                report(attempt.canceled(clock.instant(), freed.after().toMillis(), DeviceRelease.RESTART));
            } finally {
                restart.run();
            }
            return TaskDisposition.RELEASE;
        }
        log.error("{}: its engine does not stop; one slot less until it does. Restart this worker.", attempt);
        report(attempt.canceled(clock.instant(), null, freed.by()));
        lease.settled().accept(TaskDisposition.ACCEPT);
        try {
            freed.end().get();
        } catch (ExecutionException e) {
            log.debug("{}: how its engine ended at last", attempt, e);
        }
        log.warn("{}: its engine has stopped at last", attempt);
        return TaskDisposition.ACCEPT;
    }

    private void report(JobEvent event) throws InterruptedException {
        Futures.await(events.publish(event));
    }

    private JobEvent failed(TaskAttempt attempt, Failure failure) {
        return failed(attempt, failure, "");
    }

    /** @param untold for the log alone */
    private JobEvent failed(TaskAttempt attempt, Failure failure, String untold) {
        log.info("{}: {}: {}{}", attempt, failure.code().word(), failure.message(), untold);
        return attempt.failed(clock.instant(), failure);
    }

    /** What clients are not told, because it names servers. */
    private static String untold(Failure told, RuntimeException thrown) {
        var message = String.valueOf(thrown.getMessage());
        if (thrown.getCause() instanceof IOException cause) {
            return " (" + cause + ")";
        }
        return message.contains(told.message()) || told.message().contains(message) ? "" : " (" + message + ")";
    }

    private static Failure unexpected(TaskAttempt attempt, Throwable cause) {
        log.error("{}: unexpected", attempt, cause);
        var message = "The engine '%s' broke unexpectedly. The log of worker %s says why.";
        return new Failure(
                Code.ENGINE_ERROR,
                message.formatted(attempt.worker().engine(), attempt.worker().id()));
    }
}
