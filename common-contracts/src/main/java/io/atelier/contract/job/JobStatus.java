package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The status of a job. No values are added within v1; details are in {@link Job#stage}. */
public enum JobStatus {
    QUEUED(false),
    RUNNING(false),
    SUCCEEDED(true),
    FAILED(true),
    CANCELED(true),
    EXPIRED(true);

    private final boolean terminal;

    JobStatus(boolean terminal) {
        this.terminal = terminal;
    }

    /** Whether the status is final. Only an erasure can change the job after that. */
    public boolean terminal() {
        return terminal;
    }

    /** The JSON value: the name in lower case. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
