package io.atelier.messaging;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobId;
import java.time.Instant;

/**
 * A task that nobody will try again: what it was and why.
 *
 * @param topic where the order lay
 * @param order the JSON of the order, as it was read
 */
public record DeadLetter(JobId job, String task, int attempt, Instant at, String topic, Failure reason, String order) {}
