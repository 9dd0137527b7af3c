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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumers and worker threads of a task consumer, from one start to the next stop. Replaces consumers that end, and stops in order.
 * {@link #start} and {@link #stop} are called once each; the other methods are thread-safe.
 */
final class SlotPool {

    private static final Logger LOG = LoggerFactory.getLogger(SlotPool.class);

    private static final long IDLE_POLL_NANOS = 10_000_000;

    private final WorkSlots slots;
    private final List<SlotConsumer> consumers;
    private final RunningTasks tasks;
    private final ExecutorService workers;
    private final Cancellation stopping;
    private final LeaseProperties properties;
    private final ExecutorService restarts;
    private final Cancellation.Registration cancellations;

    /**
     * Creates a pool that does not lease yet.
     *
     * @param slots closed by the pool when it stops
     * @param consumers lease the tasks; more than slots, so that one leases the next task while another one reports
     * @param tasks the tasks of all slots
     * @param workers the threads of the tasks; shut down with the pool
     * @param stopping requested by the pool when it stops
     * @param canceled the source of cancellation requests for the tasks
     */
    SlotPool(
            WorkSlots slots,
            List<SlotConsumer> consumers,
            RunningTasks tasks,
            ExecutorService workers,
            Cancellation stopping,
            CanceledJobs canceled,
            LeaseProperties properties) {
        this.slots = slots;
        this.consumers = List.copyOf(consumers);
        this.tasks = tasks;
        this.workers = workers;
        this.stopping = stopping;
        this.properties = properties;
        this.restarts = Executors.newSingleThreadExecutor(DaemonThreads.numbered("slot-restarts-"));
        this.cancellations = canceled.onCancel(tasks::cancel);
    }

    void start() {
        consumers.forEach(this::open);
    }

    /**
     * Takes no more records, releases the tasks that only wait, and waits for the others; after the stop grace period cancels them, and after the cancel grace period
     * releases them without waiting. Returns when every record is acknowledged.
     */
    void stop() {
        stopping.request();
        slots.close();
        restarts.shutdownNow();
        var closes = consumers.stream()
                .map(consumer ->
                        CompletableFuture.runAsync(consumer::close, each -> new Thread(each, "lease-close").start()))
                .toList();
        awaitIdle(closes);
        tasks.announceStop();
        var closed = CompletableFuture.allOf(closes.toArray(CompletableFuture<?>[]::new));
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

    /** The number of slots for which consumers are alive, and whose engines can be stopped. */
    int leasing() {
        int alive = Math.toIntExact(
                consumers.stream().filter(SlotConsumer::isLeasing).count());
        return Math.max(0, Math.min(alive, slots.count() - tasks.stuckCount()));
    }

    int running() {
        return tasks.count();
    }

    int stuck() {
        return tasks.stuckCount();
    }

    private void open(SlotConsumer consumer) {
        consumer.open(() -> reopenLater(consumer));
    }

    private void reopenLater(SlotConsumer consumer) {
        if (!stopping.requested()) {
            var afterPause = CompletableFuture.delayedExecutor(
                    properties.restartInterval().toMillis(), TimeUnit.MILLISECONDS, restarts);
            afterPause.execute(() -> open(consumer));
        }
    }

    /** Waits for the consumers that hold no task: one of them may fetch what another releases, and a delivery counts as an attempt. */
    private void awaitIdle(List<CompletableFuture<Void>> closes) {
        long deadline = System.nanoTime() + properties.cancelGracePeriod().toNanos();
        while (IntStream.range(0, closes.size())
                        .anyMatch(index -> !closes.get(index).isDone()
                                && !consumers.get(index).holdsRecord())
                && System.nanoTime() < deadline
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(IDLE_POLL_NANOS);
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
