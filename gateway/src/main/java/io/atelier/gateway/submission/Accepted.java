package io.atelier.gateway.submission;

import io.atelier.contract.job.Job;

/**
 * A job that the brokers have for good.
 *
 * @param replayed whether it was there before, because the same request had been sent under the same name
 */
record Accepted(Job job, boolean replayed) {}
