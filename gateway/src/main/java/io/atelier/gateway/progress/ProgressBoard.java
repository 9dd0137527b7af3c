package io.atelier.gateway.progress;

import io.atelier.contract.job.JobId;
import io.atelier.contract.work.TaskProgress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last progress of each running job. Bounded: the oldest entries go first. Thread-safe. */
public final class ProgressBoard {

    private static final int MOST_JOBS = 10_000;

    private final Map<JobId, TaskProgress> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<JobId, TaskProgress> eldest) {
            return size() > MOST_JOBS;
        }
    };

    /** Keeps the newer of two: a later attempt, or a later moment of the same one. */
    public synchronized void post(TaskProgress progress) {
        latest.merge(progress.job(), progress, (old, fresh) -> isNewer(fresh, old) ? fresh : old);
    }

    public synchronized Optional<TaskProgress> of(JobId job) {
        return Optional.ofNullable(latest.get(job));
    }

    private static boolean isNewer(TaskProgress fresh, TaskProgress old) {
        return fresh.attempt() > old.attempt()
                || (fresh.attempt() == old.attempt() && !fresh.at().isBefore(old.at()));
    }
}
