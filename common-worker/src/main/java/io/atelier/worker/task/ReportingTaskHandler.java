package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.TaskProgress;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.PublishingFailed;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.worker.engine.DeviceRelease;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.lease.TaskHandler;
import io.atelier.worker.lease.TaskHandler.Disposition;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link TaskLogic} and reports the start and the end of each attempt, in one record if it is short: succeeded, failed or canceled.
 * Releases a task without a report if the process stops, or if the report cannot be published. Thread-safe.
 *
 * @param <T> the type of the tasks
 */
public final class ReportingTaskHandler<T> implements TaskHandler<T> {

    /** The exit status of a process that halts because of a stuck engine. Differs from those of the JVM and of signals. */
    static final int RESTART_STATUS = 87;

    private static final Logger log = LoggerFactory.getLogger(ReportingTaskHandler.class);

    private final TaskLogic<T> logic;
    private final EventPublisher events;
    private final Consumer<TaskProgress> progress;
    private final InstantSource clock;
    private final WorkerProperties properties;
    private final ObservationRegistry observations;
    private final Runnable restart;
    private final ScheduledExecutorService startReports;

    /**
     * Creates a handler.
     *
     * @param progress takes the progress of tasks; must not block
     * @param observations has the observation of a task while {@link #handle} is called, whose trace all reports continue
     */
    public ReportingTaskHandler(
            TaskLogic<T> logic,
            EventPublisher events,
            Consumer<TaskProgress> progress,
            InstantSource clock,
            WorkerProperties properties,
            ObservationRegistry observations) {
        // An orderly shutdown would wait for the thread that does not stop.
        this(
                logic,
                events,
                progress,
                clock,
                properties,
                observations,
                () -> Runtime.getRuntime().halt(RESTART_STATUS));
    }

    /** @param restart ends the process, so that its supervisor starts it again */
    ReportingTaskHandler(
            TaskLogic<T> logic,
            EventPublisher events,
            Consumer<TaskProgress> progress,
            InstantSource clock,
            WorkerProperties properties,
            ObservationRegistry observations,
            Runnable restart) {
        this.logic = logic;
        this.events = events;
        this.progress = progress;
        this.clock = clock;
        this.properties = properties;
        this.observations = observations;
        this.restart = restart;
        this.startReports = timers();
    }

    private static ScheduledExecutorService timers() {
        // Not the common pool: publishing blocks its thread while the brokers are away.
        var timers = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("start-reports"));
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    @Override
    public Disposition handle(Lease<T> lease) throws InterruptedException {
        var attempt = logic.attempt(lease);
        try (var start =
                new StartReport(events, attempt.started(clock.instant()), observations.getCurrentObservation())) {
            var context = new TaskContext(
                    attempt,
                    lease.cancellation(),
                    progress,
                    clock,
                    properties.interruptGracePeriod(),
                    start,
                    lease.endOfWork());
            if (lease.cancellation().requested()) {
                return interrupted(context, lease, new TaskInterrupted());
            }
            start.begin(properties.startReportGracePeriod(), startReports);
            return run(context, lease);
        } catch (PublishingFailed e) {
            log.warn("{}: could not be reported and is released: {}", attempt, e.getMessage());
            return Disposition.RELEASE;
        }
    }

    private Disposition run(TaskContext context, Lease<T> lease) throws InterruptedException {
        var attempt = context.attempt();
        JobEvent end;
        try {
            var output = logic.run(lease.task(), context);
            context.endWork();
            end = attempt.succeeded(clock.instant(), output, context.providerTotals(), context.endStartReport());
            log.info("{}: succeeded", attempt);
        } catch (TaskInterrupted e) {
            if (lease.cancellation().requested()) {
                return interrupted(context, lease, e);
            }
            end = failed(context, new Failure(Code.ENGINE_ERROR, "The engine stopped by itself."));
        } catch (RuntimeException e) {
            end = logic.failure(e)
                    .map(expected -> failed(context, expected, unreported(expected, e)))
                    .orElseGet(() -> failed(context, unexpected(attempt, e)));
        } catch (OutOfMemoryError e) {
            log.error("{}: out of memory", attempt, e);
            var message =
                    "The worker ran out of memory. Ask for fewer or smaller images, or give the worker more memory.";
            end = failed(context, new Failure(Code.OUT_OF_MEMORY, message));
        } catch (Error e) {
            end = failed(context, unexpected(attempt, e));
        }
        context.awaitStartReport();
        report(end);
        return Disposition.ACCEPT;
    }

    private Disposition interrupted(TaskContext context, Lease<T> lease, TaskInterrupted interruption)
            throws InterruptedException {
        var attempt = context.attempt();
        var request = lease.cancellation().cancellationRequest();
        if (request.isEmpty()) {
            log.info("{}: released, the worker stops", attempt);
            return Disposition.RELEASE;
        }
        var release = interruption.deviceRelease();
        if (release != null && release.isStuck()) {
            return giveUp(context, lease, release);
        }
        // Without a running engine the device was free all the time.
        var after = release == null ? request.get().age() : release.after();
        var by = release == null ? DeviceRelease.ENGINE : release.by();
        log.info("{}: canceled, device idle after {} ms", attempt, after.toMillis());
        report(attempt.canceled(
                clock.instant(), after.toMillis(), by, context.providerTotals(), context.endStartReport()));
        return Disposition.ACCEPT;
    }

    /** Halts the process if the settings allow it. Otherwise accepts the task, and occupies its slot until the engine ends. */
    private Disposition giveUp(TaskContext context, Lease<T> lease, DeviceRelease release) throws InterruptedException {
        var attempt = context.attempt();
        if (properties.restartWhenStuck()) {
            log.error("{}: its engine does not stop, so this process ends with status {}", attempt, RESTART_STATUS);
            try {
                report(attempt.canceled(
                        clock.instant(),
                        release.after().toMillis(),
                        DeviceRelease.RESTART,
                        context.providerTotals(),
                        context.endStartReport()));
            } finally {
                restart.run();
            }
            return Disposition.RELEASE;
        }
        log.error("{}: its engine does not stop and occupies a slot until it does. Restart this worker.", attempt);
        report(attempt.canceled(
                clock.instant(), null, release.by(), context.providerTotals(), context.endStartReport()));
        lease.earlyDisposition().accept(Disposition.ACCEPT);
        try {
            release.end().get();
        } catch (ExecutionException e) {
            log.debug("{}: its engine ended with an exception", attempt, e);
        }
        log.warn("{}: its engine has stopped and its slot leases again", attempt);
        return Disposition.ACCEPT;
    }

    private void report(JobEvent event) throws InterruptedException {
        Futures.await(events.publish(event));
    }

    private JobEvent failed(TaskContext context, Failure failure) {
        return failed(context, failure, "");
    }

    /** @param logOnly what is logged and not reported */
    private JobEvent failed(TaskContext context, Failure failure, String logOnly) {
        log.info("{}: {}: {}{}", context.attempt(), failure.code().word(), failure.message(), logOnly);
        return context.attempt().failed(clock.instant(), failure, context.providerTotals(), context.endStartReport());
    }

    /** The part of an exception that clients do not receive, because it names servers. */
    private static String unreported(Failure reported, RuntimeException thrown) {
        var message = String.valueOf(thrown.getMessage());
        if (thrown.getCause() instanceof IOException cause) {
            return " (" + cause + ")";
        }
        return message.contains(reported.message()) || reported.message().contains(message) ? "" : " (" + message + ")";
    }

    private static Failure unexpected(TaskAttempt attempt, Throwable cause) {
        log.error("{}: unexpected", attempt, cause);
        var message = "The engine '%s' failed unexpectedly. The log of worker %s has the cause.";
        return new Failure(
                Code.ENGINE_ERROR,
                message.formatted(attempt.worker().engine(), attempt.worker().id()));
    }
}
