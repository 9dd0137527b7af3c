package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.lease.Lease;
import java.util.Optional;

/**
 * The work that one kind of worker does for a task. {@link ReportingTaskHandler} does what is the same for every kind. Thread-safe.
 *
 * @param <T> the type of the tasks
 */
public interface TaskLogic<T> {

    /** Describes the attempt that a lease starts. */
    TaskAttempt attempt(Lease<T> lease);

    /**
     * Runs the task. Blocks until all its images are stored, so that every reported image can be fetched. Safe to repeat for the same task:
     * it finds the images of an earlier delivery.
     *
     * @throws TaskInterrupted if the cancellation was requested and the task has stopped
     */
    TaskOutput run(T task, TaskContext context) throws InterruptedException;

    /** Translates an expected exception of {@link #run} into a failure of the task; empty for an unexpected one. */
    Optional<Failure> failure(RuntimeException thrown);
}
