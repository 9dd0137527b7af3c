package io.atelier.contract.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A record that asks workers to run an attempt at a task of a job. */
public interface TaskRequest {

    JobId job();

    /** The name of the task within its job. */
    String task();

    /** The number of the attempt for the first delivery of this record, from 1; each redelivery adds one. */
    int attempt();

    /** The number of the last attempt. */
    int maxAttempts();

    /** When the record was published, by the clock of the process that published it. */
    Instant at();

    /** The earliest start of the attempt; null for at once. */
    @Nullable
    Instant notBefore();
}
