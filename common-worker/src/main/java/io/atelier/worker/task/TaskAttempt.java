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
 * One attempt of this worker at a task. Creates the reports about it.
 *
 * @param number from 1; rises with each delivery of the task
 * @param description the work in a few words, for logs; never contains the prompt, which belongs to the client
 */
public record TaskAttempt(JobId job, String task, int number, Worker worker, String description) {

    TaskStarted started(Instant at) {
        return new TaskStarted(job, task, number, at, worker);
    }

    /** @param etaSeconds the estimated seconds until the phase ends; null if that is not known */
    TaskProgress progress(Instant at, String phase, int step, int steps, @Nullable Long etaSeconds) {
        return new TaskProgress(job, task, number, at, phase, step, steps, etaSeconds);
    }

    /** @param startedAt null if the start was reported by itself; the same holds for the other ends */
    TaskSucceeded succeeded(Instant at, TaskOutput output, ProviderTotals provider, @Nullable Instant startedAt) {
        return new TaskSucceeded(
                job,
                task,
                number,
                at,
                worker,
                output.images(),
                output.warnings(),
                output.engineMillis(),
                output.enhancement(),
                provider.calls(),
                output.grids(),
                provider.usage(),
                startedAt,
                output.prompt());
    }

    TaskFailed failed(Instant at, Failure failure, ProviderTotals provider, @Nullable Instant startedAt) {
        return new TaskFailed(job, task, number, at, worker, failure, provider.calls(), provider.usage(), startedAt);
    }

    /** @param freedAfterMillis null if the device may still be busy */
    TaskCanceled canceled(
            Instant at,
            @Nullable Long freedAfterMillis,
            String freedBy,
            ProviderTotals provider,
            @Nullable Instant startedAt) {
        return new TaskCanceled(
                job,
                task,
                number,
                at,
                worker,
                freedAfterMillis,
                freedBy,
                provider.calls(),
                provider.usage(),
                startedAt);
    }

    /** For logs. */
    @Override
    public String toString() {
        return job + " " + task + " attempt " + number + " (" + description + ")";
    }
}
