package io.atelier.worker.presence;

import io.atelier.messaging.EventPublisher;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Says that a worker is there: before it leases, every few seconds, soon after its pulse changed, and once more when it
 * has stopped leasing. Brokers that are away cost a line in the log when they go and one when they come back.
 */
public final class WorkerHeartbeat implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WorkerHeartbeat.class);

    /** A change is told no sooner after another. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** The word at the start and the one at the end are worth this wait; all others go out by themselves. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final WorkerInfo presence;
    private final Supplier<WorkerLoad> pulse;
    private final EventPublisher events;
    private final Duration every;
    private final InstantSource clock;
    private final Instant startedAt;

    private @Nullable ScheduledExecutorService ticks;
    private volatile boolean unheard;
    private WorkerLoad told = new WorkerLoad(0, null);
    private long toldNanos;

    /** @param pulse what it does now; cheap, for it is asked every second */
    public WorkerHeartbeat(
            WorkerInfo presence,
            Supplier<WorkerLoad> pulse,
            EventPublisher events,
            Duration every,
            InstantSource clock) {
        this.presence = presence;
        this.pulse = pulse;
        this.events = events;
        this.every = every;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    @Override
    public synchronized void start() {
        if (ticks != null) {
            return;
        }
        await(announce(false));
        var started = Executors.newSingleThreadScheduledExecutor(tick -> {
            var thread = new Thread(tick, presence.id() + "-announcer");
            thread.setDaemon(true);
            return thread;
        });
        ticks = started;
        long look = Math.min(LOOK.toMillis(), every.toMillis());
        var unused = started.scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        @Nullable ScheduledExecutorService ending;
        synchronized (this) {
            ending = ticks;
            ticks = null;
        }
        if (ending != null) {
            ending.shutdown();
            await(announce(true));
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return ticks != null;
    }

    /** Before the lease loops start, and after they have stopped. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 150;
    }

    private synchronized void look() {
        if (ticks == null) {
            return;
        }
        boolean changed = !pulse.get().equals(told);
        if (changed || System.nanoTime() - toldNanos >= every.toNanos()) {
            var unused = announce(false);
        }
    }

    private synchronized CompletableFuture<Void> announce(boolean leaving) {
        told = pulse.get();
        toldNanos = System.nanoTime();
        return events.publish(presence.announced(told, startedAt, clock.instant(), every, leaving))
                .whenComplete((said, failure) -> heard(failure));
    }

    private void heard(@Nullable Throwable failure) {
        if (failure != null && !unheard) {
            log.warn("{} cannot say that it is there, and goes on trying: {}", presence.id(), failure.getMessage());
        } else if (failure == null && unheard) {
            log.info("{} can say again that it is there", presence.id());
        }
        unheard = failure != null;
    }

    private static void await(CompletableFuture<Void> said) {
        try {
            said.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Logged when it came about; a worker that nobody hears of still works.
            log.debug("Announcing a worker", e);
        }
    }
}
