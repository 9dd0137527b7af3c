package io.atelier.worker.lease;

import io.atelier.contract.job.Worker;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop at work, from one start to the next stop: its slots, its threads, and what runs on them. */
final class SlotPool {

    private static final Logger LOG = LoggerFactory.getLogger(SlotPool.class);

    private final LeaseProperties properties;
    private final Cancellation stopping = new Cancellation();
    private final ExecutorService workers;
    private final ExecutorService restarts;
    private final RunningTasks tasks;
    private final Cancellation.Registration cancellationRequests;
    private final List<Slot> slots;

    private SlotPool(
            TaskConsumerFactory.Means means, TaskQueue<?> queue, Worker worker, int slots, HolderSource source) {
        this.properties = means.properties();
        // As many threads as slots: work whose lease was lost keeps its thread, and what comes next waits for one on
        // its lease.
        this.workers = Executors.newFixedThreadPool(slots, named(queue.group() + "-work-"));
        this.restarts = Executors.newSingleThreadExecutor(named(queue.group() + "-restarts-"));
        this.tasks = new RunningTasks(workers, slots);
        this.cancellationRequests = means.canceled().onCancel(tasks::cancellationRequest);
        var holder = source.create(tasks, stopping);
        this.slots = IntStream.range(0, slots)
                .mapToObj(number ->
                        new Slot(worker.id() + "-" + number, queue, holder, means.consumers(), this::reopenLater))
                .toList();
    }

    static <T> SlotPool begin(
            TaskConsumerFactory.Means means, TaskQueue<T> queue, Worker worker, int slots, TaskHandler<T> handler) {
        var undertaker = new DeadLetterPublisher(means.publisher(), worker, means.clock());
        var shift = new SlotPool(means, queue, worker, slots, (tasks, stopping) -> {
            var setting = new TaskRunner.Setting(
                    means.clock(),
                    means.observations(),
                    means.canceled(),
                    means.properties().releaseInterval(),
                    stopping);
            return new LeaseListener<>(
                    queue, new TaskRunner<>(queue, handler, undertaker, setting), tasks, means.renewal(), stopping);
        });
        shift.slots.forEach(Slot::open);
        return shift;
    }

    /**
     * Ends the shift: takes nothing more, lets what runs finish, tells what lasts too long to stop, and lets go of what does not. Returns
     * when every order is accepted or given back.
     */
    void end() {
        stopping.request();
        restarts.shutdownNow();
        var closed = CompletableFuture.allOf(slots.stream()
                .map(slot -> CompletableFuture.runAsync(slot::close, each -> new Thread(each, "lease-close").start()))
                .toArray(CompletableFuture<?>[]::new));
        if (!within(properties.stopGracePeriod(), closed)) {
            tell("Telling {} running tasks to stop after a grace of {}", properties.stopGracePeriod());
            tasks.cancelAll();
            if (!within(properties.cancelGracePeriod(), closed)) {
                tell(
                        "Letting go of {} tasks that did not stop within {}; others get them",
                        properties.cancelGracePeriod());
                tasks.abandonAll();
                closed.join();
            }
        }
        // Work without a lease, and work that was let go of.
        tasks.cancelAll();
        workers.shutdownNow();
        cancellationRequests.close();
    }

    int leasing() {
        return Math.toIntExact(slots.stream().filter(Slot::leasing).count());
    }

    int running() {
        return tasks.count();
    }

    int stuck() {
        return tasks.stuck();
    }

    private void tell(String format, Duration grace) {
        int running = tasks.count();
        if (running > 0) {
            LOG.warn(format, running, grace);
        }
    }

    private void reopenLater(Slot slot) {
        if (!stopping.requested()) {
            var pause = CompletableFuture.delayedExecutor(
                    properties.restartInterval().toMillis(), TimeUnit.MILLISECONDS, restarts);
            pause.execute(() -> reopen(slot));
        }
    }

    /** Only if there is a thread for it: what does not stop has the place of a slot. */
    private void reopen(Slot slot) {
        if (leasing() + tasks.stuck() < slots.size()) {
            slot.open();
        } else {
            reopenLater(slot);
        }
    }

    private static boolean within(Duration grace, CompletableFuture<?> closed) {
        try {
            closed.get(grace.toMillis(), TimeUnit.MILLISECONDS);
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

    private static ThreadFactory named(String prefix) {
        var number = new AtomicInteger();
        return work -> {
            var thread = new Thread(work, prefix + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Makes the holder of a shift's leases from what the shift has. */
    @FunctionalInterface
    private interface HolderSource {
        LeaseListener<?> create(RunningTasks tasks, Cancellation stopping);
    }
}
