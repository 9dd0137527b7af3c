package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.BackOff;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task of a job: what was planned, how far it is, and what came of it. Immutable; each method that describes a change returns a new task
 * that the given version of the job has changed.
 *
 * @param plan the task as it was planned
 * @param request the planned request, or after a fallback the same request for the fallback model
 * @param status how far the task is
 * @param attempt number of the current or next attempt, from 1
 * @param changed version of the job that changed the task last; version 0 while the task waits for others
 * @param notBefore earliest start of the next attempt; null for at once
 * @param startedAt when a worker started the first attempt; null before
 * @param worker worker that runs the task; null if none does
 * @param result what came of the task so far
 * @param release how its worker ended the task while the job was being canceled; null if none did
 */
record JobTask(
        PlannedTask plan,
        GenerationRequest request,
        Status status,
        int attempt,
        JobVersion changed,
        @Nullable Instant notBefore,
        @Nullable Instant startedAt,
        @Nullable Worker worker,
        TaskResult result,
        @Nullable Release release) {

    /** A task before the first version of its job. */
    static JobTask of(PlannedTask plan, Instant acceptedAt) {
        return new JobTaskBuilder(plan, acceptedAt).build();
    }

    /**
     * The name of the task within its job. A fallback model gives it a name of its own, so that late reports about the previous model change
     * nothing.
     */
    String name() {
        return fallbackName(request.tried().size());
    }

    /** Whether a report about a task of this name may apply later: once the task is due, or with one of the remaining fallback models. */
    boolean mayBeNamed(String later) {
        boolean isLater = status == Status.WAITING && later.equals(name());
        return isLater || (!hasEnded() && plan.kind() == Kind.GENERATE && isLaterFallback(later));
    }

    private boolean isLaterFallback(String later) {
        int tried = request.tried().size();
        return IntStream.rangeClosed(tried + 1, tried + request.fallbacks().size())
                .mapToObj(this::fallbackName)
                .anyMatch(later::equals);
    }

    private String fallbackName(int tried) {
        return tried == 0 ? plan.name() : plan.name() + "-fallback-" + tried;
    }

    boolean isDue() {
        return status == Status.DUE;
    }

    boolean isUnderWay() {
        return status == Status.UNDER_WAY;
    }

    boolean isDone() {
        return status == Status.DONE;
    }

    /** Whether reports about the task can change it. */
    boolean isOpen() {
        return isDue() || isUnderWay();
    }

    /** Whether a worker's report about the task made this version of a job that is being canceled. The request itself ends only tasks without a worker. */
    boolean isReportWhileCanceling(int version) {
        return changed.number() == version && (isUnderWay() || release != null);
    }

    /** Whether nothing changes the task any more. */
    boolean hasEnded() {
        return status != Status.WAITING && !isOpen();
    }

    /** Whether the task has ever been due. */
    boolean hasBeenDue() {
        return changed.number() > 0;
    }

    boolean isSplit() {
        return plan.kind() == Kind.SPLIT;
    }

    /** The images that the task stored, with their numbers within the job; empty before it is done. */
    List<StoredImage> images() {
        var images = result.images();
        return plan.step() == null
                ? images
                : images.stream().map(plan::numbered).toList();
    }

    /** The grids that the task cut, with the places of the cuts and their numbers within the job; empty if it cut none. */
    List<StoredImage> cutGrids() {
        var cut = result.grids();
        return plan.step() == null
                ? cut
                : cut.stream().map(grid -> grid.numbered(plan.index())).toList();
    }

    /** Notices for the client, with the numbers of their tiles within the job. */
    Stream<Job.Warning> warnings() {
        return result.warnings().stream().map(plan::numbered);
    }

    /** Whether the current model is a fallback of which no attempt has failed yet. */
    boolean isNewFallback() {
        return !request.tried().isEmpty()
                && result.failures().stream()
                        .noneMatch(failure -> failure.task().equals(name()));
    }

    /** Whether a fallback model is asked after a failure for which the current model is not asked again. */
    boolean canFallBackAfter(Failure failure) {
        return plan.kind() == Kind.GENERATE
                && failure.code().allowsFallback()
                && !request.fallbacks().isEmpty();
    }

    /** The failure of the last attempt, or of the previous model; null if there was none. */
    @Nullable
    Failure lastFailure() {
        var failures = result.failures();
        return failures.isEmpty() ? null : failures.get(failures.size() - 1).failure();
    }

    /** Everything that the task needs is done. */
    JobTask due(JobVersion now) {
        return copy(Status.DUE, now).build();
    }

    /** A worker started an attempt. */
    JobTask started(TaskStarted report, JobVersion now) {
        return copy(Status.UNDER_WAY, now)
                .attempt(report.attempt())
                .startedAt(now.at())
                .worker(report.worker())
                .build();
    }

    /** A worker completed the task. */
    JobTask succeeded(TaskSucceeded report, JobVersion now) {
        return copy(Status.DONE, now)
                .attempt(report.attempt())
                .startedAt(now.at())
                .result(result.with(report))
                .build();
    }

    /** An attempt failed. The task ends with it, unless {@link #retry} or {@link #fallBack} follows. */
    JobTask failed(TaskFailed report, JobVersion now) {
        return copy(Status.FAILED, now)
                .attempt(report.attempt())
                .result(result.with(report, now.at()))
                .build();
    }

    /** After a failure: another attempt, due after its back-off. */
    JobTask retry(JobVersion now) {
        int next = attempt + 1;
        return copy(Status.DUE, now)
                .attempt(next)
                .notBefore(now.at().plus(BackOff.before(next)))
                .build();
    }

    /** After a failure: the first attempt with the next fallback model, due at once. */
    JobTask fallBack(Failure cause, JobVersion now) {
        var fallback = request.withNextFallback();
        var message = "The model '%s' failed (%s: %s); '%s' was asked instead."
                .formatted(request.model(), cause.code().word(), cause.message(), fallback.model());
        return copy(Status.DUE, now)
                .request(fallback)
                .attempt(1)
                .result(result.withWarning("fallback", message))
                .build();
    }

    /** After the failure of an optional task: the task is done without a result of its own. */
    JobTask doneWithoutResult(Failure cause, JobVersion now) {
        return copy(Status.DONE, now)
                .result(result.withWarning(
                        "grid-not-split", "The grid could not be cut into tiles: " + cause.message()))
                .build();
    }

    /** A worker stopped the task for a cancellation. */
    JobTask canceled(TaskCanceled report, JobVersion now) {
        return copy(Status.CANCELED, now)
                .result(result.withUsageOf(report))
                .release(new Release(report.freedAfterMillis(), report.freedBy()))
                .build();
    }

    /** The job ended or was canceled before the task did. */
    JobTask canceled(JobVersion now) {
        return copy(Status.CANCELED, now).build();
    }

    /** The same change, by a worker that ended the task before it stopped for a cancellation; no change if there is none. */
    JobTask releasedBy(@Nullable CancelRequested request) {
        if (request == null) {
            return this;
        }
        long waited = Math.max(0, Duration.between(request.at(), changed.at()).toMillis());
        return copy(status, changed).release(new Release(waited, "engine")).build();
    }

    private JobTaskBuilder copy(Status next, JobVersion now) {
        return new JobTaskBuilder(this).status(next, now);
    }

    /** How far a task is. */
    enum Status {
        /** A task that it needs is not done. */
        WAITING,
        /** A worker may lease it. */
        DUE,
        /** A worker runs it. */
        UNDER_WAY,
        /** It has its result. */
        DONE,
        /** No attempt and no fallback is left, or the failure allows none. */
        FAILED,
        /** Its job was canceled, expired or failed before its end. */
        CANCELED
    }

    /**
     * How a worker ended a task of a job that is being canceled; see {@link Job.Cancel}.
     *
     * @param afterMillis milliseconds until the device was idle; null if that is not known
     * @param by what stopped the worker
     */
    record Release(@Nullable Long afterMillis, String by) {}
}
