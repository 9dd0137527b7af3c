package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import java.util.Optional;

/**
 * What one kind of worker does with an order. {@link ReportingTaskHandler} does all that is the same for every kind. Thread-safe.
 *
 * @param <T> an order
 */
public interface TaskLogic<T> {

    /** The attempt that a lease asks for. */
    TaskAttempt attempt(Lease<T> lease);

    /**
     * Does the task. Blocks until all its pictures lie in the store, so that what is announced can be fetched. Safe to run again for the same
     * order: what an earlier delivery left is found.
     *
     * @throws TaskInterrupted if it was told to stop, and did
     */
    TaskOutput make(T order, TaskContext run) throws InterruptedException;

    /** Why {@link #make} threw this, in the words that all share; empty if it was not to be expected. */
    Optional<Failure> failure(RuntimeException thrown);
}
