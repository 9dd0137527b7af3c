package io.atelier.worker.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether this worker runs a leased task or passes it on to other workers of its pool. Thread-safe.
 *
 * @param <T> the type of the tasks
 */
@FunctionalInterface
public interface TaskPlacement<T> {

    /**
     * Where a task goes. May block for seconds; the lease is renewed meanwhile.
     *
     * @param forwards how often it was forwarded before
     * @return empty if this worker runs it
     */
    Optional<Forwarding> place(T task, int forwards) throws InterruptedException;

    /** Every task is run by the worker that leases it. */
    static <T> TaskPlacement<T> here() {
        return (task, forwards) -> Optional.empty();
    }

    /**
     * A task is passed on.
     *
     * @param topic where its record is copied to
     * @param delay how long the task is held before, so that it does not circulate between workers
     */
    record Forwarding(String topic, Duration delay) {}
}
