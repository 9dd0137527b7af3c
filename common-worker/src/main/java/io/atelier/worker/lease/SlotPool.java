package io.atelier.worker.lease;

import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.worker.cancellation.CanceledJobs;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots and worker threads of a task consumer, from one start to the next stop. Replaces consumers that end, and stops in order.
 * {@link #start} and {@link #stop} are called once each; the other methods are thread-safe.
 */
final class SlotPool {

    private static final Logger LOG = LoggerFactory.getLogger(SlotPool.class);

    private final List<Slot> slots;
    private final RunningTasks tasks;
    private final ExecutorService workers;
    private final Cancellation stopping;
    private final LeaseProperties properties;
    private final ExecutorService restarts;
    private final Cancellation.Registration cancellations;

    /**
     * Creates a pool whose slots are not open yet.
     *
     * @param tasks the tasks of all slots
     * @param workers the threads of the tasks; shut down with the pool
     * @param stopping requested by the pool when it stops
     * @param canceled the source of cancellation requests for the tasks
     */
    SlotPool(
            List<Slot> slots,
            RunningTasks tasks,
            ExecutorService workers,
            Cancellation stopping,
            CanceledJobs canceled,
            LeaseProperties properties) {
        this.slots = List.copyOf(slots);
        this.tasks = tasks;
        this.workers = workers;
        this.stopping = stopping;
        this.properties = properties;
        this.restarts = Executors.newSingleThreadExecutor(DaemonThreads.numbered("slot-restarts-"));
        this.cancellations = canceled.onCancel(tasks::cancel);
    }

    void start() {
        slots.forEach(this::open);
    }

    /**
     * Takes no more records and waits for the running tasks; after the stop grace period cancels them, and after the cancel grace period
     * releases them without waiting. Returns when every record is acknowledged.
     */
    void stop() {
        stopping.request();
        restarts.shutdownNow();
        var closed = CompletableFuture.allOf(slots.stream()
                .map(slot -> CompletableFuture.runAsync(slot::close, each -> new Thread(each, "lease-close").start()))
                .toArray(CompletableFuture<?>[]::new));
        if (!completesWithin(properties.stopGracePeriod(), closed)) {
            warnOfRunning("Canceling {} running tasks after a grace period of {}", properties.stopGracePeriod());
            tasks.cancelAll();
            if (!completesWithin(properties.cancelGracePeriod(), closed)) {
                warnOfRunning(
                        "Releasing {} tasks that did not stop within {}; other workers receive them",
                        properties.cancelGracePeriod());
                tasks.releaseAll();
                closed.join();
            }
        }
        // Tasks without a lease, and released tasks that still run.
        tasks.cancelAll();
        workers.shutdownNow();
        cancellations.close();
    }

    /** The number of slots whose consumers are alive. */
    int leasing() {
        return Math.toIntExact(slots.stream().filter(Slot::isLeasing).count());
    }

    int running() {
        return tasks.count();
    }

    int stuck() {
        return tasks.stuckCount();
    }

    private void open(Slot slot) {
        slot.open(() -> reopenLater(slot));
    }

    private void reopenLater(Slot slot) {
        if (!stopping.requested()) {
            var afterPause = CompletableFuture.delayedExecutor(
                    properties.restartInterval().toMillis(), TimeUnit.MILLISECONDS, restarts);
            afterPause.execute(() -> reopen(slot));
        }
    }

    /** Opens the slot only if it finds a free thread: a task that does not stop occupies the thread of a slot. */
    private void reopen(Slot slot) {
        if (leasing() + tasks.stuckCount() < slots.size()) {
            open(slot);
        } else {
            reopenLater(slot);
        }
    }

    private void warnOfRunning(String format, Duration gracePeriod) {
        int running = tasks.count();
        if (running > 0) {
            LOG.warn(format, running, gracePeriod);
        }
    }

    private static boolean completesWithin(Duration timeout, CompletableFuture<?> closed) {
        try {
            closed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("A slot could not be closed", e.getCause());
        }
    }
}
