package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import java.time.Instant;
import java.util.Optional;

/** The progress of an avatar over all its tasks, in hundredths of a task. */
final class AvatarProgress {

    private static final int STEPS_PER_TASK = 100;

    private AvatarProgress() {}

    /**
     * The tasks that are done, and the part of the one that last reported its progress. Tasks run at the same time, so it is at least that much.
     * Empty unless the job runs.
     */
    static Optional<TaskProgress> of(Job job, Optional<TaskProgress> latest) {
        int total = job.stages().stream().mapToInt(Job.Stage::total).sum();
        if (job.status() != JobStatus.RUNNING || total == 0) {
            return Optional.empty();
        }
        int done = job.stages().stream().mapToInt(Job.Stage::done).sum();
        var changed = lastChange(job);
        // A progress from before the last change may be that of a task that is done since, and counted.
        var current = latest.filter(progress -> progress.at().isAfter(changed));
        int part = current.map(progress -> (int) (progress.fraction() * STEPS_PER_TASK))
                .orElse(0);
        return Optional.of(new TaskProgress(
                job.id(),
                current.map(TaskProgress::task).orElse(""),
                current.map(TaskProgress::attempt).orElse(job.attempt()),
                current.map(TaskProgress::at).orElse(changed),
                current.map(TaskProgress::phase).orElse(job.stage()),
                Math.min(total * STEPS_PER_TASK, done * STEPS_PER_TASK + part),
                total * STEPS_PER_TASK));
    }

    private static Instant lastChange(Job job) {
        var history = job.history();
        return history.isEmpty()
                ? job.createdAt()
                : history.get(history.size() - 1).at();
    }
}
