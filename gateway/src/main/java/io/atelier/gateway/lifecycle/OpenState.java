package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job.Outcome;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.TaskReport;
import io.atelier.gateway.lifecycle.JobState.Canceled;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobState.Succeeded;
import java.time.Instant;

/**
 * The state of a job whose tasks wait for workers or run.
 *
 * <p>A task that ended makes those due that needed it, until all are done. An attempt that failed is followed by another one or by a fallback
 * model. If neither is left, the job fails at once, and workers that run other tasks are to stop. A held job makes no task due before its
 * release.
 */
record OpenState(JobRecord record, Instant since) implements Existing {

    @Override
    public boolean mayApplyLater(JobEvent event) {
        if (event instanceof TaskReport report && record.tasks().mayHaveLater(report.task())) {
            return true;
        }
        // A worker may receive a cancellation before the lifecycle does. An erasure takes effect after the end of
        // the job.
        return event instanceof TaskCanceled || event instanceof EraseRequested;
    }

    @Override
    public JobState released(Released event) {
        return record.isHeld() && record.cancel() == null ? new OpenState(record.released(at(event)), at(event)) : this;
    }

    @Override
    public JobState started(TaskStarted event) {
        // Of a task under way, it is a redelivery: the broker gave the task to another worker because the first one
        // was lost.
        return record.open(event)
                .filter(task -> task.isDue() || event.attempt() > task.attempt())
                .map(task -> with(task.started(event, next(event))))
                .orElse(this);
    }

    @Override
    public JobState succeeded(TaskSucceeded event) {
        return record.open(event)
                .map(task -> afterEnd(task.succeeded(event, next(event)).releasedBy(record.cancel())))
                .orElse(this);
    }

    @Override
    public JobState failed(TaskFailed event) {
        return record.open(event)
                .map(task -> afterFailure(task.failed(event, next(event)), event.failure()))
                .orElse(this);
    }

    @Override
    public JobState canceled(TaskCanceled event) {
        return record.open(event)
                .filter(task -> record.cancel() != null)
                .map(task -> afterEnd(task.canceled(event, next(event))))
                .orElse(this);
    }

    @Override
    public JobState cancelRequested(CancelRequested event) {
        if (record.cancel() != null) {
            return this;
        }
        var canceling = record.cancelRequested(event, at(event));
        return canceling.isRunning()
                ? new OpenState(canceling, at(event))
                : new Canceled(canceling, at(event), Outcome.DEQUEUED, null, null);
    }

    @Override
    public JobState deadlinePassed(DeadlinePassed event) {
        if (event.kind() == DeadlineKind.CANCEL_ANSWER && record.cancel() != null) {
            return new Canceled(record.ended(at(event)), at(event), Outcome.UNCONFIRMED, null, null);
        }
        boolean late = event.kind() == DeadlineKind.START_BY || event.kind() == DeadlineKind.COMPLETE_BY;
        if (late && !record.hasStarted()) {
            return new Expired(record.ended(at(event)), at(event), DeadlineFailures.missedBeforeStart(event));
        }
        return event.kind() == DeadlineKind.COMPLETE_BY ? cancelRequested(DeadlineFailures.cancellation(event)) : this;
    }

    private JobState with(JobTask changed) {
        return new OpenState(record.with(changed), changed.changed().at());
    }

    /** The state after a task failed: it is tried again, or has ended. */
    private JobState afterFailure(JobTask failed, Failure failure) {
        var now = failed.changed();
        if (record.cancel() != null) {
            return afterEnd(failed.releasedBy(record.cancel()));
        }
        if (failure.code().isTransient()
                && failed.attempt() < record.submission().maxAttempts()) {
            return with(failed.retry(now));
        }
        if (failed.canFallBackAfter(failure)) {
            return with(failed.fallBack(failure, now));
        }
        return failed.plan().isOptional()
                ? afterEnd(failed.doneWithoutResult(failure, now))
                : new Failed(record.with(failed).withoutOpenTasks(now.at()), now.at(), failure);
    }

    /** The state after a task ended: the tasks that needed it follow, or the job has ended. */
    private JobState afterEnd(JobTask ended) {
        var at = ended.changed().at();
        var next = record.with(ended);
        if (next.tasks().areAllDone()) {
            return new Succeeded(next, at, next.tasks().images());
        }
        if (next.cancel() == null) {
            return new OpenState(next.withDueTasks(at), at);
        }
        return next.isRunning() ? new OpenState(next, at) : Canceled.by(next, at);
    }
}
