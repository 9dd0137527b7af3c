package io.atelier.generator.engine.diffusion;

import io.atelier.contract.work.LocalModel.Loading;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how far a model is being loaded, by the bytes of the networks that are in memory, and by the time that an earlier load of the same model
 * took. Thread-safe.
 */
final class ModelLoading {

    /** The most that is shown of a load by its time: it may take longer than the earlier one. */
    private static final double MAX_ESTIMATE = 0.99;

    /** The least part of the bytes that says how long the rest takes: the time of a small network is not that of its bytes. */
    private static final double MIN_PART = 0.05;

    private final long bytes;
    private final @Nullable Duration earlier;
    private final LongSupplier nanos;
    private final long start;
    private long loadedBytes;
    private long loadedNanos;

    /**
     * Begins.
     *
     * @param bytes the size of all networks
     * @param earlier how long the last load took; null if there was none
     * @param nanos a monotonic clock
     */
    ModelLoading(long bytes, @Nullable Duration earlier, LongSupplier nanos) {
        this.bytes = bytes;
        this.earlier = earlier;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    /** A network is in memory. */
    synchronized void loaded(long networkBytes) {
        loadedBytes += networkBytes;
        loadedNanos = nanos.getAsLong() - start;
    }

    /** The time since the load began. */
    Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }

    /** The current estimate. */
    synchronized Loading estimate() {
        double known = bytes <= 0 ? 0 : Math.min(1, (double) loadedBytes / bytes);
        double expected = expectedNanos();
        if (expected <= 0) {
            return new Loading(percent(known), null);
        }
        double elapsed = elapsed().toNanos();
        double byTime = Math.min(MAX_ESTIMATE, elapsed / expected);
        long seconds = Math.round(
                Math.max(0, expected - elapsed) / Duration.ofSeconds(1).toNanos());
        return new Loading(percent(Math.max(known, byTime)), Math.max(1, seconds));
    }

    /** How long the whole load takes by the earlier one, else by the networks so far if they are enough; 0 if neither is known. */
    private double expectedNanos() {
        if (earlier != null) {
            return earlier.toNanos();
        }
        return loadedBytes <= 0 || loadedBytes < MIN_PART * bytes ? 0 : (double) loadedNanos / loadedBytes * bytes;
    }

    /** Rounded, so that a heartbeat is due for each percent at most. */
    private static double percent(double part) {
        return Math.floor(part * 100) / 100;
    }
}
