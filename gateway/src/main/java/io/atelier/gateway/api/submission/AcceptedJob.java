package io.atelier.gateway.api.submission;

import io.atelier.contract.job.Job;

/**
 * A job that the brokers have for good.
 *
 * @param replayed whether it was there before, because the same request had been sent under the same name
 */
public record AcceptedJob(Job job, boolean replayed) {

    /** The header of the answer that says so. */
    static final String REPLAYED = "Idempotency-Replayed";
}
