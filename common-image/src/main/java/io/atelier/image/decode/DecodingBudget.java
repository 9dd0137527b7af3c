package io.atelier.image.decode;

import io.atelier.image.decode.ImageDecodingException.Reason;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits the memory for images that are being decoded: a small file can expand to more than the heap holds, and several can at once. A decoder
 * reserves what the header of the file says before it decodes; it waits until there is enough, and is refused after a timeout. Fair: first come,
 * first served. Thread-safe.
 */
public final class DecodingBudget {

    private static final int UNIT = 1024;
    private static final DecodingBudget PROCESS =
            new DecodingBudget(Runtime.getRuntime().maxMemory() / 3, Duration.ofSeconds(20));

    private final Semaphore units;
    private final int capacity;
    private final Duration timeout;

    /**
     * Creates a budget.
     *
     * @param bytes all decoders together; counted in KiB
     * @param timeout how long a decoder waits for its part
     */
    public DecodingBudget(long bytes, Duration timeout) {
        this.capacity = units(bytes);
        this.units = new Semaphore(capacity, true);
        this.timeout = timeout;
    }

    /** The budget of this process: a third of its heap, for whichever thread decodes. */
    public static DecodingBudget ofProcess() {
        return PROCESS;
    }

    /**
     * Runs an action for which memory is reserved.
     *
     * @param bytes what the action needs at most
     * @throws ImageDecodingException with {@link Reason#EXCEEDS_MEMORY} if it is more than the whole budget; with {@link Reason#NO_MEMORY} if it
     *     does not become free within the timeout, or if the thread is interrupted, whose interrupt status is then set
     */
    public <T, E extends Exception> T reserving(long bytes, Action<T, E> action) throws ImageDecodingException, E {
        int needed = units(bytes);
        if (needed > capacity || needed == Integer.MAX_VALUE) {
            throw new ImageDecodingException(
                    Reason.EXCEEDS_MEMORY,
                    "decoding it takes %d MB, and this process has %d MB for it"
                            .formatted(megabytes(needed), megabytes(capacity)),
                    null);
        }
        try {
            if (!units.tryAcquire(needed, timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw refused(
                        "decoding it takes %d MB, which did not become free within %d s because other images are being decoded"
                                .formatted(megabytes(needed), timeout.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("its thread was interrupted");
        }
        try {
            return action.run();
        } finally {
            units.release(needed);
        }
    }

    /** The bytes that are not reserved at the moment. */
    public long available() {
        return (long) units.availablePermits() * UNIT;
    }

    private static ImageDecodingException refused(String message) {
        return new ImageDecodingException(Reason.NO_MEMORY, message, null);
    }

    private static int units(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, (bytes + UNIT - 1) / UNIT));
    }

    private static long megabytes(int units) {
        return Math.max(1, units / UNIT);
    }

    /**
     * What needs memory.
     *
     * @param <T> its result
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Action<T, E extends Exception> {

        /** Runs the action. */
        T run() throws E;
    }
}
