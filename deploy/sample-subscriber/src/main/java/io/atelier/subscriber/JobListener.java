package io.atelier.subscriber;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;

/**
 * What is to be done when something happened to a job: replace it by what your service does. Each event is handed over once, but again if
 * the process died before the ledger had it: make the work harmless when repeated, or do it in the transaction that writes the ledger.
 *
 * <p>May throw {@link RetryLater}; any other exception ends the subscriber.
 */
interface JobListener {

    /** All pictures of the job can be fetched. */
    void succeeded(Job job);

    /** What was kept of the job is to be dropped. */
    void erased(JobId job);
}
