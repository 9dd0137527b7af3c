package io.atelier.gateway.upkeep.files;

import io.atelier.gateway.files.ExpiredFileSweep;
import io.atelier.messaging.thread.DaemonThreads;
import io.atelier.storage.ObjectStoreFailed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs the sweeps of uploaded files on a thread of their own. A sweep that fails is not retried before the next one. */
public final class FileSweepScheduler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(FileSweepScheduler.class);

    private final ExpiredFileSweep sweep;
    private final Duration interval;
    private final Duration pageInterval;
    private final Counter deleted;
    private volatile @Nullable ScheduledExecutorService thread;

    /**
     * @param interval the longest time between two sweeps; zero for no sweeps
     * @param pageInterval the time between two pages of a listing
     */
    public FileSweepScheduler(ExpiredFileSweep sweep, Duration interval, Duration pageInterval, MeterRegistry meters) {
        this.sweep = sweep;
        this.interval = interval;
        this.pageInterval = pageInterval;
        this.deleted = Counter.builder("atelier.files.expired")
                .description("Uploaded files that were deleted because their time to live had passed")
                .register(meters);
    }

    @Override
    public void start() {
        if (interval.isZero() || thread != null) {
            return;
        }
        var executor = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("file-sweep"));
        thread = executor;
        scheduleNext(executor);
    }

    @Override
    public void stop() {
        var running = thread;
        if (running != null) {
            thread = null;
            running.shutdownNow();
        }
    }

    @Override
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
            int files = sweep.sweep(pageInterval);
            deleted.increment(files);
            if (files > 0) {
                LOG.info("{} uploaded files were deleted: their time to live has passed.", files);
            }
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ObjectStoreFailed failure)) {
                LOG.error("The sweep of uploaded files failed unexpectedly.", e);
            } else {
                LOG.warn("The sweep of uploaded files ended early: {}", failure.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.error("The sweep of uploaded files failed unexpectedly.", e);
        }
        if (thread == executor) {
            scheduleNext(executor);
        }
    }
}
