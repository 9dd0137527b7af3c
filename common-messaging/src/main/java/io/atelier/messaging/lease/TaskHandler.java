package io.atelier.messaging.lease;

/**
 * Does the work of one leased record. Called on a worker thread, once for each delivery that is not already being worked on here.
 *
 * @param <T> what the record says
 */
@FunctionalInterface
public interface TaskHandler<T> {

    /** Blocks until the outcome was reported. An exception counts as {@link Verdict#RELEASE} and is logged. */
    Verdict handle(Lease<T> lease) throws InterruptedException;
}
