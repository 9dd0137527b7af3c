package io.atelier.gateway.view.jobs;

import io.atelier.contract.job.JobId;
import java.util.List;

/** Receives all open jobs once, then every change, one after the other. Calls must return quickly, because they delay the view. */
public interface JobWatcher {

    /** Replaces everything known so far by the jobs that were open when the view last stopped. May be called more than once. */
    void start(List<JobSummary> open);

    /** A job is new or has a new state. Version 1 may come twice: when it was accepted and when the topic brings it. */
    void changed(JobSummary job);

    /** A job was removed. */
    void removed(JobId job);

    /** Calls several watchers, in this order. */
    static JobWatcher all(List<? extends JobWatcher> watchers) {
        var all = List.copyOf(watchers);
        return new JobWatcher() {
            @Override
            public void start(List<JobSummary> open) {
                all.forEach(watcher -> watcher.start(open));
            }

            @Override
            public void changed(JobSummary job) {
                all.forEach(watcher -> watcher.changed(job));
            }

            @Override
            public void removed(JobId job) {
                all.forEach(watcher -> watcher.removed(job));
            }
        };
    }
}
