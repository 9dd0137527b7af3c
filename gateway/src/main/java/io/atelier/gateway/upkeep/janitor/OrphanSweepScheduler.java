package io.atelier.gateway.upkeep.janitor;

import io.atelier.gateway.view.jobs.JobsNotReady;
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

/** Runs the sweeps of the janitor on a thread of their own. A sweep that fails is not retried before the next one. */
public final class OrphanSweepScheduler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweepScheduler.class);

    private final Janitor janitor;
    private final Duration interval;
    private final Counter deleted;
    private final Counter bytes;
    private volatile @Nullable ScheduledExecutorService thread;

    /** @param interval the longest time between two sweeps; zero for no sweeps */
    public OrphanSweepScheduler(Janitor janitor, Duration interval, MeterRegistry meters) {
        this.janitor = janitor;
        this.interval = interval;
        this.deleted = Counter.builder("atelier.janitor.deleted")
                .description("Objects that were deleted because no job needs them")
                .register(meters);
        this.bytes = Counter.builder("atelier.janitor.deleted.bytes")
                .description("Bytes of the objects that were deleted because no job needs them")
                .register(meters);
    }

    @Override
    public void start() {
        if (interval.isZero() || thread != null) {
            return;
        }
        var executor = Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("janitor"));
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
        var unused = executor.schedule(() -> sweep(executor), delay, TimeUnit.MILLISECONDS);
    }

    private void sweep(ScheduledExecutorService executor) {
        try {
            report(janitor.sweep());
        } catch (JobsNotReady e) {
            LOG.info("The janitor's sweep is postponed: the view of jobs has not caught up.");
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ObjectStoreFailed failure)) {
                LOG.error("The janitor's sweep failed unexpectedly.", e);
            } else {
                LOG.warn("The janitor's sweep ended early: {}", failure.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.error("The janitor's sweep failed unexpectedly.", e);
        }
        if (thread == executor) {
            scheduleNext(executor);
        }
    }

    private void report(SweepResult result) {
        deleted.increment((double) result.deleted());
        bytes.increment((double) result.bytes());
        LOG.info(
                "The janitor saw {} objects and deleted {} of them ({} bytes); {} belong to no known job.",
                result.seen(),
                result.deleted(),
                result.bytes(),
                result.unknown());
    }
}
