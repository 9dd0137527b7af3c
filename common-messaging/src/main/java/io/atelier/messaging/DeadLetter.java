package io.atelier.messaging;

import io.atelier.contract.job.Failure;
import java.time.Instant;

/**
 * An order that nobody will work on again: what it was, where it lies and why.
 *
 * @param key the key of its record: the job's id, if the record was what its topic promises
 * @param task names the task within its job; empty if the record could not be read
 * @param attempt the attempt that was not made; if the record could not be read, how often it was handed out
 * @param topic where the order lay, with its partition and offset
 * @param order the JSON of the order as it was read, cut to {@value #LONGEST_ORDER} characters
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

    /** Keeps a letter well below the size of record that a broker takes. */
    public static final int LONGEST_ORDER = 100_000;

    public DeadLetter {
        order = order.length() <= LONGEST_ORDER ? order : order.substring(0, LONGEST_ORDER);
    }
}
