package io.atelier.gateway.api.events;

import io.atelier.contract.job.Job;
import java.util.Set;

/** The names of events in streams: the CloudEvents types without the common prefix and suffix. */
public final class EventName {

    /** The name of progress events. */
    public static final String PROGRESS = "generation.progress";

    /** The name of events with a preview. */
    public static final String PREVIEW = "generation.preview";

    /** The names of the events about changes of a job's state. */
    public static final Set<String> LIFECYCLE = Set.of(
            "generation.accepted",
            "generation.started",
            "generation.retry-scheduled",
            "generation.splitting",
            "generation.advanced",
            "generation.cancel-requested",
            "generation.succeeded",
            "generation.failed",
            "generation.canceled",
            "generation.expired",
            "generation.erased");

    private static final String PREFIX = "io.atelier.";
    private static final String SUFFIX = ".v1";

    private EventName() {}

    /** The name of an event of this CloudEvents type: {@code generation.started} for {@code io.atelier.generation.started.v1}. */
    public static String of(String type) {
        int from = type.startsWith(PREFIX) ? PREFIX.length() : 0;
        int to = type.endsWith(SUFFIX) ? type.length() - SUFFIX.length() : type.length();
        return type.substring(from, Math.max(from, to));
    }

    /** The type of the latest event of a job whose record has schema 1.0, and so no history. */
    static String typeOf(Job job) {
        var word = switch (job.status()) {
            case QUEUED -> "accepted";
            case RUNNING -> job.stage().equals("splitting") ? "splitting" : "started";
            default -> job.status().word();
        };
        return PREFIX + "generation." + word + SUFFIX;
    }
}
