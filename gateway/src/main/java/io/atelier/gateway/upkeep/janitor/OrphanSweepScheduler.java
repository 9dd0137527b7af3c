package io.atelier.gateway.upkeep.janitor;

import io.atelier.gateway.view.jobs.JobsNotReady;
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

/** Sends the janitor on his round again and again, on a thread of his own. What fails is tried again with the next round. */
public final class OrphanSweepScheduler implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweepScheduler.class);

    private final Janitor janitor;
    private final Duration interval;
    private final Counter deleted;
    private final Counter bytes;
    private volatile @Nullable ScheduledExecutorService thread;

    /** @param interval the longest pause between two rounds; zero for no rounds at all */
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
        var fresh = Executors.newSingleThreadScheduledExecutor(task -> {
            var daemon = new Thread(task, "janitor");
            daemon.setDaemon(true);
            return daemon;
        });
        thread = fresh;
        next(fresh);
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

    private void next(ScheduledExecutorService executor) {
        long half = Math.max(1, interval.toMillis() / 2);
        long pause = half + ThreadLocalRandom.current().nextLong(half);
        var unused = executor.schedule(() -> runIn(executor), pause, TimeUnit.MILLISECONDS);
    }

    private void runIn(ScheduledExecutorService executor) {
        try {
            tell(janitor.round());
        } catch (JobsNotReady e) {
            LOG.info("The janitor waits for the view of jobs.");
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ObjectStoreFailed failure)) {
                LOG.error("The janitor's round failed in a way that nobody foresaw.", e);
            } else {
                LOG.warn("The janitor's round ended early: {}", failure.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            LOG.error("The janitor's round failed in a way that nobody foresaw.", e);
        }
        if (thread == executor) {
            next(executor);
        }
    }

    private void tell(SweepResult round) {
        deleted.increment((double) round.deleted());
        bytes.increment((double) round.bytes());
        LOG.info(
                "The janitor saw {} objects and deleted {} of them ({} bytes); {} belong to no job that is known.",
                round.seen(),
                round.deleted(),
                round.bytes(),
                round.unknown());
    }
}
