package io.atelier.gateway.api.files;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the memory for files that are being uploaded. What arrives is counted, not what is announced. Thread-safe. */
final class UploadMemory {

    private final AtomicLong free;

    /** @param bytes all uploads together */
    UploadMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** The part of one upload, from nothing. Its owner must close it. */
    Part open() {
        return new Part();
    }

    /** What is not taken at the moment, in bytes. */
    long free() {
        return free.get();
    }

    /** The memory of one upload. For one thread at a time, except for {@link #close}. */
    final class Part {

        private final AtomicLong taken = new AtomicLong();

        /** Takes more; whether there was enough. */
        boolean take(long bytes) {
            if (free.addAndGet(-bytes) < 0) {
                free.addAndGet(bytes);
                return false;
            }
            taken.addAndGet(bytes);
            return true;
        }

        /** Gives everything back. Idempotent. */
        void close() {
            free.addAndGet(taken.getAndSet(0));
        }
    }
}
