package io.atelier.worker.lease;

/**
 * Handles leased tasks. Called on a worker thread, once for each delivery of a task that does not run in this process already.
 *
 * @param <T> the type of the tasks
 */
@FunctionalInterface
public interface TaskHandler<T> {

    /** Blocks until the outcome was reported. An exception counts as {@link TaskDisposition#RELEASE} and is logged. */
    TaskDisposition handle(Lease<T> lease) throws InterruptedException;
}
