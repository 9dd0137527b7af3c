package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.ProblemKind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.util.unit.DataSize;

/**
 * Refuses new generations before the disk of the data folder is full: Kafka and the image store need space for those that are accepted. Thread-safe.
 */
public final class DiskSpace {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    /** After a shortage, generations are accepted when a tenth more is free, so that the answer does not change with each image. */
    private static final double RECOVERY = 1.1;

    private final DiskProperties properties;
    private final FreeSpace freeSpace;
    private volatile long free = Long.MAX_VALUE;
    private volatile boolean low;

    public DiskSpace(DiskProperties properties, FreeSpace freeSpace) {
        this.properties = properties;
        this.freeSpace = freeSpace;
    }

    /** Measures the free space. Blocks. A disk that cannot be measured counts as it did before. */
    public synchronized void measure() {
        try {
            free = freeSpace.bytes(properties.folder());
        } catch (IOException e) {
            return;
        }
        double floor = properties.minFree().toBytes();
        low = free < (low ? floor * RECOVERY : floor);
    }

    /** Whether less space was free at the last measurement than the setting demands. */
    public boolean isLow() {
        return low;
    }

    /**
     * Does nothing if there was enough space at the last measurement.
     *
     * @throws Problem of kind {@code INSUFFICIENT_STORAGE} otherwise
     */
    public void requireSpace() {
        notice().ifPresent(sentence -> {
            throw new Problem(ProblemKind.INSUFFICIENT_STORAGE, sentence).retryAfter(RETRY_AFTER);
        });
    }

    /** The same step, which a shortage prevents with the problem of {@link #requireSpace}. */
    public <T> Consumer<T> before(Consumer<T> step) {
        return value -> {
            requireSpace();
            step.accept(value);
        };
    }

    /** What is wrong and what to do, for people; empty if there is enough space. Does not name the folder, because clients read it. */
    Optional<String> notice() {
        return low
                ? Optional.of(
                        ("The disk of the data folder is nearly full: %d MB are free, and new generations need %d MB."
                                        + " Accepted ones go on. Free some space; then new generations are accepted again.")
                                .formatted(
                                        DataSize.ofBytes(free).toMegabytes(),
                                        properties.minFree().toMegabytes()))
                : Optional.empty();
    }
}
