package io.atelier.gateway.answer;

import io.atelier.contract.job.Job;

/**
 * A job that the brokers have for good.
 *
 * @param replayed whether it was there before, because the same request had been sent under the same name
 */
public record Accepted(Job job, boolean replayed) {

    /** The header of the answer that says so. */
    static final String REPLAYED = "Idempotency-Replayed";
}
