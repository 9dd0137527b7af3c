package io.atelier.worker.lease;

import io.atelier.worker.cancellation.Cancellation;
import io.atelier.worker.lease.TaskHandler.Disposition;
import java.util.function.Consumer;

/**
 * The exclusive right to work on a task. It is renewed until the handler returns.
 *
 * @param task the content of the record
 * @param topic the topic of the record
 * @param delivery how often the broker has delivered the record, this delivery included, from 1
 * @param attempt the number of this attempt: that of the task, plus one for each delivery after the first
 * @param cancellation requested when the job is canceled, or when the process stops and the task has not ended within the grace period
 * @param earlyDisposition takes the disposition while the handler cannot return, because its engine does not stop. Until the handler
 *     returns, its slot takes no other task
 * @param endOfWork to be called when nothing is left that needs a slot: the slot takes its next task while this one is stored and reported.
 *     Happens at the end of the handler at the latest
 */
public record Lease<T>(
        T task,
        String topic,
        int delivery,
        int attempt,
        Cancellation cancellation,
        Consumer<Disposition> earlyDisposition,
        Runnable endOfWork) {}
