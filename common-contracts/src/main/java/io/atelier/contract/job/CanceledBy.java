package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The source of a cancellation request. */
public enum CanceledBy {
    /** A client requested it. */
    CLIENT,
    /** The waiting client disconnected, and its request asks to cancel the job in this case. */
    DISCONNECT,
    /** An erasure was requested. */
    ERASURE,
    /** A deadline of the job passed. */
    DEADLINE,
    /** Another task of the job failed, so that the results of its other tasks are of no use. The job is not canceled: it failed. */
    FAILURE;

    /** The JSON value: the name in lower case. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
