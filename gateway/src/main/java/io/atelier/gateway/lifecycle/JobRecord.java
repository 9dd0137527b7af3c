package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.TaskReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data that all states of a job share: its request, and its tasks with their results so far. Immutable; each method that describes a
 * change returns a new record.
 *
 * @param submission the client's request, as the gateway accepted it
 * @param version number of state changes, from 1
 * @param tasks the tasks of the job
 * @param cancel first cancellation request; null if there was none
 */
record JobRecord(
        GenerationRequested submission,
        int version,
        TaskGraph tasks,
        @Nullable CancelRequested cancel) {

    /** The record of a job that was just accepted. */
    static JobRecord of(GenerationRequested submission, TaskPlan plan) {
        var first = new JobVersion(1, submission.at());
        var tasks = TaskGraph.of(plan.tasks(submission), first);
        var avatar = submission.request().avatar();
        boolean held = avatar != null && avatar.held();
        return new JobRecord(submission, first.number(), held ? tasks : tasks.withDue(first), null);
    }

    JobId job() {
        return submission.job();
    }

    /**
     * The client's request, or after a fallback of the first task the same request for the fallback model. The tasks of an avatar have requests
     * of their own.
     */
    GenerationRequest request() {
        return isAvatar() ? submission.request() : tasks.tasks().get(0).request();
    }

    boolean isAvatar() {
        return submission.request().avatar() != null;
    }

    /** Whether the job waits for its release: no task has ever been due. */
    boolean isHeld() {
        return !tasks.isAny(JobTask::hasBeenDue);
    }

    /** The task that a report is about; empty if the task is not open, or if the report is about an earlier attempt. */
    Optional<JobTask> open(TaskReport report) {
        return tasks.find(report.task()).filter(task -> task.isOpen() && report.attempt() >= task.attempt());
    }

    /**
     * The attempt that stands for the job: that of its current task. Of an avatar, whose tasks change in turn, the highest of all tasks, so that
     * it never goes back.
     */
    int attempt() {
        return isAvatar() ? tasks.highestAttempt() : tasks.current().attempt();
    }

    /** Whether this version is the report of a worker that arrived after the cancellation request. */
    boolean isReportWhileCanceling() {
        return cancel != null && tasks.isAny(task -> task.isReportWhileCanceling(version));
    }

    /** Whether a worker has started the job. */
    boolean hasStarted() {
        return tasks.startedAt() != null;
    }

    /** Whether a worker runs one of the tasks. */
    boolean isRunning() {
        return tasks.isAny(JobTask::isUnderWay);
    }

    /** Notices for the client: those that were known when the request was accepted, and those of its tasks. */
    List<Job.Warning> warnings() {
        return Stream.concat(submission.request().warnings().stream(), tasks.warnings().stream())
                .toList();
    }

    /** The version that follows this one. */
    JobVersion next(Instant at) {
        return new JobVersion(version + 1, at);
    }

    /** The record of a version that changed one task. */
    JobRecord with(JobTask changed) {
        return new JobRecord(submission, changed.changed().number(), tasks.with(changed), cancel);
    }

    /** The same version; those tasks are due now that waited for nothing but tasks that are done. */
    JobRecord withDueTasks(Instant now) {
        return new JobRecord(submission, version, tasks.withDue(new JobVersion(version, now)), cancel);
    }

    /** The same version after a task failed for good: the other ones are canceled. */
    JobRecord withoutOpenTasks(Instant now) {
        return new JobRecord(submission, version, tasks.cancel(JobTask::isOpen, new JobVersion(version, now)), cancel);
    }

    /** The next version, after the job ended before its tasks did. */
    JobRecord ended(Instant at) {
        var next = next(at);
        return new JobRecord(submission, next.number(), tasks.cancel(JobTask::isOpen, next), cancel);
    }

    /** The next version, after the first cancellation request. Workers may still answer for what they run, but start nothing. */
    JobRecord cancelRequested(CancelRequested cancellation, Instant at) {
        var next = next(at);
        return new JobRecord(submission, next.number(), tasks.cancel(JobTask::isDue, next), cancellation);
    }

    /** The next version, after the release of a held job. */
    JobRecord released(Instant at) {
        return nextVersion().withDueTasks(at);
    }

    /** The next version, without other changes. */
    JobRecord nextVersion() {
        return new JobRecord(submission, version + 1, tasks, cancel);
    }
}
