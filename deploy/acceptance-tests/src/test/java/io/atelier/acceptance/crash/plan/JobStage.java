package io.atelier.acceptance.crash.plan;

import java.util.Locale;

/** The stage of a job at which a fault is injected. */
public enum JobStage {
    /** The request is in its topic. */
    ACCEPTED,
    /** A worker has reported the start of the task. */
    LEASED,
    /** The engine has reported its first step. */
    RUNNING,
    /** The image is stored, but not yet reported. */
    STORED_NOT_REPORTED,
    /** The worker has reported, but the event is not yet published. */
    REPORTED_NOT_ANNOUNCED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
