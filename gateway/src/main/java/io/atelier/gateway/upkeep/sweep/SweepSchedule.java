package io.atelier.gateway.upkeep.sweep;

import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a sweep of the object store on a thread of its own, after random times, so that several gateways do not sweep at the same time. A sweep that
 * fails is logged, and not retried before the next one.
 */
public final class SweepSchedule {

    private static final Logger LOG = LoggerFactory.getLogger(SweepSchedule.class);

    private final String threadName;
    private final String subject;
    private final Duration interval;
    private final Sweep sweep;
    private volatile @Nullable ScheduledExecutorService thread;

    /**
     * A schedule that is not started.
     *
     * @param subject the sweep at the beginning of a sentence, such as {@code The sweep of uploaded files}
     * @param interval the longest time between two sweeps, and twice the shortest one; zero for no sweeps
     */
    public SweepSchedule(String threadName, String subject, Duration interval, Sweep sweep) {
        this.threadName = threadName;
        this.subject = subject;
        this.interval = interval;
        this.sweep = sweep;
    }

    /** What is repeated. Blocks its thread. */
    @FunctionalInterface
    public interface Sweep {

        /**
         * Sweeps once.
         *
         * @throws CompletionException of an {@link ObjectStoreFailed} if the store fails
         * @throws InterruptedException if the schedule was stopped
         */
        void run() throws InterruptedException;
    }

    public void start() {
        if (interval.isZero() || thread != null) {
            return;
        }
        var executor = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named(threadName));
        thread = executor;
        scheduleNext(executor);
    }

    /** Interrupts a sweep that runs. */
    public void stop() {
        var running = thread;
        if (running != null) {
            thread = null;
            running.shutdownNow();
        }
    }

    public boolean isRunning() {
        return thread != null;
    }

    private void scheduleNext(ScheduledExecutorService executor) {
        long half = Math.max(1, interval.toMillis() / 2);
        long delay = half + ThreadLocalRandom.current().nextLong(half);
        var unused = executor.schedule(() -> run(executor), delay, TimeUnit.MILLISECONDS);
    }

    private void run(ScheduledExecutorService executor) {
        try {
            sweep.run();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ObjectStoreFailed failure)) {
                LOG.error("{} failed unexpectedly.", subject, e);
            } else {
                LOG.warn("{} ended early: {}", subject, failure.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.error("{} failed unexpectedly.", subject, e);
        }
        if (thread == executor) {
            scheduleNext(executor);
        }
    }
}
