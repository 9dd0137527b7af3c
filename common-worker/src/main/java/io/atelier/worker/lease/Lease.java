package io.atelier.worker.lease;

import io.atelier.worker.cancellation.Cancellation;
import java.util.function.Consumer;

/**
 * A record that this worker holds for as long as it renews it, which the lease loop does.
 *
 * @param order what the record says
 * @param topic where it lay
 * @param delivery how often it was handed out, this time included, from 1
 * @param attempt the number of the attempt that is to be made now: the order's own, counted up by each delivery after the first
 * @param cancellation tells the work to stop: the process is stopping and the work outlasted its grace, or the job was canceled
 * @param settled takes the verdict of a handler that cannot return yet, because something here does not stop. Until it returns no other
 *     order is taken in its place
 */
public record Lease<T>(
        T order,
        String topic,
        int delivery,
        int attempt,
        Cancellation cancellation,
        Consumer<TaskDisposition> settled) {}
