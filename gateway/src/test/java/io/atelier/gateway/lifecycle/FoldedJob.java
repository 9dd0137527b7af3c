package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import java.util.List;
import java.util.Optional;

/** Computes the public state of a job from its events, as the lifecycle does, for tests of other packages. */
public final class FoldedJob {

    private FoldedJob() {}

    /** The job after the events, in this order; empty if none of them creates one. */
    public static Optional<Job> after(List<? extends JobEvent> events) {
        var history = JobHistory.empty();
        for (var event : events) {
            history = history.with(event);
        }
        int version = history.version();
        return version == 0
                ? Optional.empty()
                : Optional.of(history.announcement(version).job());
    }
}
