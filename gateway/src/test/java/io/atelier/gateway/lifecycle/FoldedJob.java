package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import java.util.List;
import java.util.Optional;

/** What the lifecycle makes of events, for tests of what shows it. */
public final class FoldedJob {

    private FoldedJob() {}

    /** The job after the events, in the order in which they were said; empty if none of them makes one. */
    public static Optional<Job> after(List<? extends JobEvent> events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.hear(event);
        }
        int version = history.version();
        return version == 0
                ? Optional.empty()
                : Optional.of(history.announcement(version).job());
    }
}
