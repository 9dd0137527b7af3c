package io.atelier.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Knows which calls run in this JVM, so that a store stops after them. Thread-safe. */
final class RunningCalls {

    /** Held for reading by each call. */
    private final ReadWriteLock running = new ReentrantReadWriteLock();

    private volatile boolean ended;

    /**
     * Makes a call on the thread of the caller.
     *
     * @throws EmbeddedBucketFailed if no more calls are accepted, or in place of any exception of the call
     */
    <T> T run(Supplier<T> call) {
        running.readLock().lock();
        try {
            if (ended) {
                throw new EmbeddedBucketFailed(
                        EmbeddedBucketFailed.Kind.UNAVAILABLE, "the embedded object store has stopped");
            }
            return call.get();
        } catch (RuntimeException e) {
            throw EmbeddedBucketFailed.of(e);
        } finally {
            running.readLock().unlock();
        }
    }

    /**
     * Accepts no more calls, and waits for those that run.
     *
     * @return whether all have ended within the limit
     */
    boolean end(Duration limit) {
        ended = true;
        try {
            if (!running.writeLock().tryLock(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            running.writeLock().unlock();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
