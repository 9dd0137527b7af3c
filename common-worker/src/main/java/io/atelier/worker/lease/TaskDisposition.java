package io.atelier.worker.lease;

/** How a leased record is acknowledged. */
public enum TaskDisposition {
    /** The task has ended and its outcome was reported, whatever the outcome is. */
    ACCEPT,
    /** The task is to be delivered again, to any worker: this worker stops or could not report. */
    RELEASE,
    /** No worker of this version can read the record. */
    REJECT
}
