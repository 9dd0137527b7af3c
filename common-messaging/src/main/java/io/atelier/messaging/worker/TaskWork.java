package io.atelier.messaging.worker;

import io.atelier.contract.job.Failure;
import io.atelier.messaging.engine.BrokenOff;
import io.atelier.messaging.lease.Lease;
import java.util.Optional;

/**
 * What one kind of worker does with an order. {@link ReportingHandler} does all that is the same for every kind. Thread-safe.
 *
 * @param <T> an order
 */
public interface TaskWork<T> {

    /** The attempt that a lease asks for. */
    Attempt attempt(Lease<T> lease);

    /**
     * Does the task. Blocks until all its pictures lie in the store, so that what is announced can be fetched. Safe to run again for the same
     * order: what an earlier delivery left is found.
     *
     * @throws BrokenOff if it was told to stop, and did
     */
    Made make(T order, TaskRun run) throws InterruptedException;

    /** Why {@link #make} threw this, in the words that all share; empty if it was not to be expected. */
    Optional<Failure> failure(RuntimeException thrown);
}
