package io.atelier.messaging;

import io.atelier.contract.job.Failure;
import java.time.Instant;

/**
 * A task that no worker will run again: its record, the record's position and the reason. Operators read dead letters; no component of Atelier
 * processes them.
 *
 * @param key key of the record; the job's id unless the record is unreadable
 * @param task name of the task within its job; the empty string if the record is unreadable
 * @param attempt number of the attempt that was not started; if the record is unreadable, the number of deliveries
 * @param at when the worker gave the task up
 * @param topic topic of the record
 * @param partition partition of the record
 * @param offset offset of the record
 * @param reason why the task was given up
 * @param order JSON value of the record, cut to {@value #MAX_ORDER_CHARACTERS} characters
 */
public record DeadLetter(
        String key,
        String task,
        int attempt,
        Instant at,
        String topic,
        int partition,
        long offset,
        Failure reason,
        String order) {

    /** Keeps a dead letter well below the size limit of brokers for one record. */
    public static final int MAX_ORDER_CHARACTERS = 100_000;

    public DeadLetter {
        order = order.length() <= MAX_ORDER_CHARACTERS ? order : order.substring(0, MAX_ORDER_CHARACTERS);
    }
}
