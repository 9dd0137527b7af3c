package io.atelier.subscriber;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;

/**
 * Handles the events of jobs: implement it with the work of your service. Each event is delivered once, but again if the process ended before
 * it was logged as processed. So make the work idempotent, or do it in the transaction that logs the event.
 *
 * <p>May throw {@link RetryableFailure}; any other exception ends the subscriber.
 */
interface JobListener {

    /** The job has succeeded, and all its images can be downloaded. */
    void succeeded(Job job);

    /** The job was erased: delete all copies of its data. */
    void erased(JobId job);
}
