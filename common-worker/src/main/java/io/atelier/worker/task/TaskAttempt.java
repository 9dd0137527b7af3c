package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.TaskProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a task by this worker, and what can be reported of it.
 *
 * @param number from 1; rises with each delivery of the order
 * @param words what there is to do, for the log. The prompt is the client's and never goes there
 */
public record TaskAttempt(JobId job, String task, int number, Worker worker, String words) {

    TaskStarted started(Instant at) {
        return new TaskStarted(job, task, number, at, worker);
    }

    TaskProgress progress(Instant at, String phase, int step, int steps) {
        return new TaskProgress(job, task, number, at, phase, step, steps);
    }

    TaskSucceeded succeeded(Instant at, TaskOutput made) {
        return new TaskSucceeded(
                job, task, number, at, worker, made.images(), made.warnings(), made.engineMillis(), made.enhancement());
    }

    TaskFailed failed(Instant at, Failure failure) {
        return new TaskFailed(job, task, number, at, worker, failure);
    }

    /** @param freedAfterMillis null if the device is not known to be idle */
    TaskCanceled canceled(Instant at, @Nullable Long freedAfterMillis, String freedBy) {
        return new TaskCanceled(job, task, number, at, worker, freedAfterMillis, freedBy);
    }

    /** For the log. */
    @Override
    public String toString() {
        return "%s %s attempt %d (%s)".formatted(job, task, number, words);
    }
}
