package io.atelier.worker.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The slots of a task consumer: how many tasks it works on at a time. A consumer claims a slot before it fetches a record, and the slot is free
 * again when the work on the task has ended, before its end is reported. So the next record is fetched meanwhile, and none is fetched that
 * would have to wait while another worker is idle. Thread-safe.
 */
final class WorkSlots {

    private final int count;
    private final Semaphore unclaimed;
    private final Semaphore unused;
    private boolean closed;

    /** @param count the number of slots, from 1 */
    WorkSlots(int count) {
        this.count = count;
        // Two counts, because a consumer whose lease was lost fetches again while the work continues.
        unclaimed = new Semaphore(count);
        unused = new Semaphore(count);
    }

    int count() {
        return count;
    }

    /**
     * No slot can be claimed from now on: a consumer of a process that stops would receive what another one releases, and each delivery counts as an
     * attempt.
     */
    synchronized void close() {
        closed = true;
        unclaimed.drainPermits();
    }

    private synchronized void free() {
        if (!closed) {
            unclaimed.release();
        }
    }

    /** Claims a slot for the next record. Empty if none becomes free within the timeout, or if the thread is interrupted. */
    Optional<Claim> claim(Duration timeout) {
        try {
            return unclaimed.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(new Claim(this))
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The work on one task, which has not begun. */
    Work work() {
        return new Work(unused);
    }

    /** The right to fetch one record. Thread-safe. */
    static final class Claim {

        private final WorkSlots slots;
        private final AtomicBoolean freed = new AtomicBoolean();

        private Claim(WorkSlots slots) {
            this.slots = slots;
        }

        /** Ends the claim; does nothing if it has ended. */
        void free() {
            if (freed.compareAndSet(false, true)) {
                slots.free();
            }
        }
    }

    /** The work on one task: what needs the device or an engine. Thread-safe. */
    static final class Work {

        private final Semaphore unused;
        private final List<Runnable> listeners = new ArrayList<>();
        private boolean isUsing;
        private boolean hasEnded;

        private Work(Semaphore unused) {
            this.unused = unused;
        }

        /** Waits for a free slot and uses it; at once unless more records are leased than there are slots, because leases were lost. */
        void begin() throws InterruptedException {
            unused.acquire();
            synchronized (this) {
                isUsing = true;
            }
        }

        /** Frees the slot; does nothing if it was freed. */
        void end() {
            List<Runnable> toCall;
            synchronized (this) {
                if (isUsing) {
                    isUsing = false;
                    unused.release();
                }
                hasEnded = true;
                toCall = List.copyOf(listeners);
                listeners.clear();
            }
            toCall.forEach(Runnable::run);
        }

        /** Calls the listener when the work ends, on the thread that ends it; at once if it has ended. */
        void onEnd(Runnable listener) {
            synchronized (this) {
                if (!hasEnded) {
                    listeners.add(listener);
                    return;
                }
            }
            listener.run();
        }
    }
}
