package io.atelier.worker.lease;

/**
 * Does the work of one leased record. Called on a worker thread, once for each delivery that is not already being worked on here.
 *
 * @param <T> what the record says
 */
@FunctionalInterface
public interface TaskHandler<T> {

    /** Blocks until the outcome was reported. An exception counts as {@link TaskDisposition#RELEASE} and is logged. */
    TaskDisposition handle(Lease<T> lease) throws InterruptedException;
}
