package io.atelier.worker.lease;

/** What shall become of a leased record. */
public enum TaskDisposition {
    /** It is done with, whatever came of it: the outcome was reported. */
    ACCEPT,
    /** Give it to somebody else, now: this worker is stopping or could not report. */
    RELEASE,
    /** It can never be read by anyone. */
    REJECT
}
