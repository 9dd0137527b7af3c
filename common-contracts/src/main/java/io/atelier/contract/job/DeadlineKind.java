package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of deadlines of a job. */
public enum DeadlineKind {
    /** The latest start: the job expires if no worker has started it. */
    START_BY,
    /** The latest end: the job expires or is canceled if it has not ended. */
    COMPLETE_BY,
    /** The latest confirmation of a cancellation: the job ends without it. */
    CANCEL_ANSWER,
    /** The end of the retention period: images and texts are erased. */
    RETENTION,
    /** The end of the time for which an erased job is kept: the job is purged. */
    MEMORY;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
