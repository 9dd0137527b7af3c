package io.atelier.worker.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * The slots of a task consumer: how many tasks it works on at a time. A consumer claims a slot before it fetches a record, and the slot is free
 * again when the work on the task has ended, before its end is reported. So the next record is fetched meanwhile.
 *
 * <p>One consumer fetches at a time, because each fetch that waits at the broker when the process is killed can cost a running task an attempt: the
 * broker delivers a released record to the other consumers of the dead process as well, until it has noticed the end of each of their connections.
 *
 * <p>While the tasks are short, several fetch, and records are fetched ahead, for slots that will be free soon: one for every two slots. Otherwise none is fetched
 * that would have to wait while another worker is idle. Thread-safe.
 */
final class WorkSlots {

    /** How long a record that was fetched ahead may have to wait, roughly. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** How many short tasks in a row show that the next one is short, too. */
    private static final int ENOUGH = 8;

    private final int count;
    private final LongSupplier nanoTime;
    private final Semaphore unused;
    private int claimed;
    private int fetching;
    private int shortInARow;
    private boolean closed;

    /** @param count the number of slots, from 1 */
    WorkSlots(int count) {
        this(count, System::nanoTime);
    }

    /** @param nanoTime measures how long the work on a task takes */
    WorkSlots(int count, LongSupplier nanoTime) {
        this.count = count;
        this.nanoTime = nanoTime;
        // Beside the claims, because a consumer whose lease was lost fetches again while the work continues.
        unused = new Semaphore(count, true);
    }

    int count() {
        return count;
    }

    /**
     * How many records may be fetched ahead for a number of slots. So many consumers are needed beside those of the slots; they also fetch while
     * others report. Half of the number is enough, since a report takes a small part of the time of a task.
     */
    static int ahead(int count) {
        return (count + 1) / 2;
    }

    /**
     * No slot can be claimed from now on: a consumer of a process that stops would receive what another one releases, and each delivery counts as an
     * attempt.
     */
    synchronized void close() {
        closed = true;
    }

    private synchronized void free() {
        claimed--;
        notifyAll();
    }

    private synchronized void fetched() {
        fetching--;
        notifyAll();
    }

    /**
     * Claims a slot for the next record. Empty if none becomes free within the timeout, while another consumer fetches, or if the thread is
     * interrupted.
     */
    synchronized Optional<Claim> claim(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (closed || claimed >= limit() || (fetching > 0 && !areShort())) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        claimed++;
        fetching++;
        return Optional.of(new Claim(this));
    }

    private int limit() {
        return areShort() ? count + ahead(count) : count;
    }

    private boolean areShort() {
        return shortInARow >= ENOUGH;
    }

    private synchronized void worked(long nanos) {
        shortInARow = nanos < SHORT.toNanos() ? Math.min(shortInARow + 1, ENOUGH) : 0;
        if (shortInARow == ENOUGH) {
            notifyAll();
        }
    }

    /** The work on one task, which has not begun. */
    Work work() {
        return new Work(this);
    }

    /** The right to fetch one record. Thread-safe. */
    static final class Claim {

        private final WorkSlots slots;
        private final AtomicBoolean fetched = new AtomicBoolean();
        private final AtomicBoolean freed = new AtomicBoolean();

        private Claim(WorkSlots slots) {
            this.slots = slots;
        }

        /** Notes that the record has arrived, so that another consumer may fetch. */
        void fetched() {
            if (fetched.compareAndSet(false, true)) {
                slots.fetched();
            }
        }

        /** Ends the claim; does nothing if it has ended. */
        void free() {
            fetched();
            if (freed.compareAndSet(false, true)) {
                slots.free();
            }
        }
    }

    /** The work on one task: what needs the device or an engine. Thread-safe. */
    static final class Work {

        private final WorkSlots slots;
        private final List<Runnable> listeners = new ArrayList<>();
        private boolean isUsing;
        private long start;
        private boolean hasEnded;

        private Work(WorkSlots slots) {
            this.slots = slots;
        }

        /** Waits for a free slot and uses it: the record may have been fetched ahead, or leases were lost. */
        void begin() throws InterruptedException {
            slots.unused.acquire();
            synchronized (this) {
                isUsing = true;
                start = slots.nanoTime.getAsLong();
            }
        }

        /** Frees the slot; does nothing if it was freed. */
        void end() {
            List<Runnable> toCall;
            synchronized (this) {
                if (isUsing) {
                    isUsing = false;
                    slots.worked(slots.nanoTime.getAsLong() - start);
                    slots.unused.release();
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
