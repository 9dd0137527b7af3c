package io.atelier.worker.lease;

/**
 * Handles leased tasks. Called on a worker thread, once for each delivery of a task that does not run in this process already.
 *
 * @param <T> the type of the tasks
 */
@FunctionalInterface
public interface TaskHandler<T> {

    /** Blocks until the outcome was reported. An exception counts as {@link Disposition#RELEASE} and is logged. */
    Disposition handle(Lease<T> lease) throws InterruptedException;

    /** How a leased record is acknowledged. */
    enum Disposition {
        /** The task has ended and its outcome was reported, whatever the outcome is. */
        ACCEPT,
        /** The task is to be delivered again, to any worker: this worker stops or could not report. */
        RELEASE,
        /** Another record of the task was published, for other workers. */
        FORWARD,
        /** No worker of this version can read the record. */
        REJECT
    }
}
