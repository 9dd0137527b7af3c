package io.atelier.worker.task;

import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.messaging.EventPublisher;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The report of the start of one attempt. It is published when the attempt has run for a delay, or before the attempt causes costs at a
 * provider. If the attempt ends before that, the report of its end contains the start. Thread-safe.
 */
final class StartReport implements AutoCloseable {

    private final EventPublisher events;
    private final TaskStarted report;
    private final @Nullable Observation observation;

    private @Nullable Future<?> timer;
    private @Nullable CompletableFuture<Void> confirmed;
    private @Nullable Runnable latest;
    private boolean hasBegun;
    private boolean hasEnded;

    /** @param observation the observation of the attempt, whose trace the report continues; null if there is none */
    StartReport(EventPublisher events, TaskStarted report, @Nullable Observation observation) {
        this.events = events;
        this.report = report;
        this.observation = observation;
    }

    /**
     * Starts the attempt.
     *
     * @param delay how long to wait before the report is published; zero to publish it at once
     * @param timers runs the publication after the delay
     * @throws io.atelier.messaging.PublishingFailed if the report was to be published at once and the brokers cannot be reached
     */
    void begin(Duration delay, ScheduledExecutorService timers) throws InterruptedException {
        synchronized (this) {
            hasBegun = true;
            if (!delay.isZero()) {
                timer = timers.schedule(this::publish, delay.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
        }
        publish();
        // Otherwise confirmed while the task runs: a short task would wait for the brokers as long as it takes.
        if (published().isCompletedExceptionally()) {
            awaitConfirmed();
        }
    }

    /** Publishes the report now, unless it was published before or the attempt has ended. Does not wait for the brokers. */
    synchronized void publish() {
        if (!hasBegun || hasEnded || confirmed != null) {
            return;
        }
        if (observation == null) {
            confirmed = events.publish(report);
        } else {
            // The calling thread may be that of a timer or of an engine, which have no trace.
            observation.scoped(() -> {
                confirmed = events.publish(report);
            });
        }
        if (latest != null) {
            latest.run();
            latest = null;
        }
    }

    /** Runs an action once the start is published, or now if it is. Only the latest action is kept until then. */
    synchronized void afterPublication(Runnable action) {
        if (confirmed == null) {
            latest = action;
        } else {
            action.run();
        }
    }

    /**
     * Ends the attempt: the report is not published later.
     *
     * @return when the attempt started, for the report of its end to contain; null if the start was published, or if there was none
     */
    synchronized @Nullable Instant end() {
        close();
        return hasBegun && confirmed == null ? report.at() : null;
    }

    /**
     * Waits until the brokers have confirmed the report, if it was published.
     *
     * @throws io.atelier.messaging.PublishingFailed if they do not
     */
    void awaitConfirmed() throws InterruptedException {
        Futures.await(published());
    }

    /** The report is not published later. */
    @Override
    public synchronized void close() {
        hasEnded = true;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private synchronized CompletableFuture<Void> published() {
        return confirmed == null ? CompletableFuture.completedFuture(null) : confirmed;
    }
}
