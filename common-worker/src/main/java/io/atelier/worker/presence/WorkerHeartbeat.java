package io.atelier.worker.presence;

import io.atelier.contract.work.WorkerAnnounced;
import io.atelier.worker.presence.WorkerInfo.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Decides when a worker announces itself: once before it leases, at every interval, within a second after its load changed, and once more
 * when it has stopped leasing. A binding polls {@link #due} and publishes what it returns.
 *
 * <p>Start and stop wait until the binding has taken the first and the last announcement, at most {@link #HANDOVER_TIMEOUT}. Thread-safe.
 */
public final class WorkerHeartbeat implements SmartLifecycle {

    /** The shortest time between two announcements of a changed load. */
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

    private static final Duration HANDOVER_TIMEOUT = Duration.ofSeconds(5);

    private final WorkerInfo info;
    private final Supplier<WorkerLoad> load;
    private final Duration interval;
    private final InstantSource clock;
    private final Instant startedAt;
    private final Duration handoverTimeout;

    private State state = State.STOPPED;
    private @Nullable WorkerLoad announced;
    private long announcedNanos;

    /** Whether the announcement that start or stop waits for was returned, and the binding has come back for the next one. */
    private Handover handover = Handover.DONE;

    /** @param load what the worker does now; cheap, as it is called several times a second */
    public WorkerHeartbeat(WorkerInfo info, Supplier<WorkerLoad> load, Duration interval, InstantSource clock) {
        this(info, load, interval, clock, HANDOVER_TIMEOUT);
    }

    WorkerHeartbeat(
            WorkerInfo info,
            Supplier<WorkerLoad> load,
            Duration interval,
            InstantSource clock,
            Duration handoverTimeout) {
        this.handoverTimeout = handoverTimeout;
        this.info = info;
        this.load = load;
        this.interval = interval;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** The announcement to publish now; empty if none is due. The caller publishes it before it calls again. */
    public synchronized Optional<WorkerAnnounced> due() {
        if (handover == Handover.TAKEN) {
            handover = Handover.DONE;
            state = state == State.LEAVING ? State.STOPPED : state;
            notifyAll();
        }
        if (state == State.STOPPED) {
            return Optional.empty();
        }
        var current = load.get();
        if (handover == Handover.DONE && !isDue(current)) {
            return Optional.empty();
        }
        if (handover == Handover.WAITING) {
            handover = Handover.TAKEN;
        }
        announced = current;
        announcedNanos = System.nanoTime();
        return Optional.of(info.announced(current, startedAt, clock.instant(), interval, state == State.LEAVING));
    }

    private boolean isDue(WorkerLoad current) {
        var since = Duration.ofNanos(System.nanoTime() - announcedNanos);
        boolean changed = !current.equals(announced) && since.compareTo(MIN_INTERVAL) >= 0;
        return changed || since.compareTo(interval) >= 0;
    }

    @Override
    public synchronized void start() {
        if (state == State.STOPPED) {
            handOver(State.RUNNING);
        }
    }

    @Override
    public synchronized void stop() {
        if (state == State.RUNNING) {
            handOver(State.LEAVING);
            state = State.STOPPED;
        }
    }

    private void handOver(State next) {
        state = next;
        handover = Handover.WAITING;
        long deadline = System.nanoTime() + handoverTimeout.toNanos();
        try {
            while (handover != Handover.DONE && System.nanoTime() - deadline < 0) {
                TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // A worker whose announcement is not published still works.
        handover = Handover.DONE;
    }

    @Override
    public synchronized boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Before the task consumers start, and after they have stopped. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 150;
    }

    private enum State {
        STOPPED,
        RUNNING,
        LEAVING
    }

    private enum Handover {
        WAITING,
        TAKEN,
        DONE
    }
}
