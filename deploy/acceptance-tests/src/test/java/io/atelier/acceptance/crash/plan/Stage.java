package io.atelier.acceptance.crash.plan;

import java.util.Locale;

/** How far a job is when something breaks. */
public enum Stage {
    /** The order lies on the topic. */
    ACCEPTED,
    /** A worker has it and has said so. */
    LEASED,
    /** The engine has told of its first step. */
    RUNNING,
    /** The picture lies in the store, and nobody has said so. */
    STORED_NOT_REPORTED,
    /** The worker has reported, and the world has not heard. */
    REPORTED_NOT_ANNOUNCED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
