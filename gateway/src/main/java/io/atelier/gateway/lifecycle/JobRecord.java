package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Report;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.work.BackOff;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data that all states of a job share: its request, its current task and attempt, and the results so far. Immutable; each method that
 * describes a change returns a new record.
 *
 * @param submission the client's request, as the gateway accepted it
 * @param request the client's request, or after a fallback the same request for the fallback model
 * @param version number of state changes, from 1
 * @param task name of the current task: that of the submission, of a fallback, or {@value #SPLIT}
 * @param attempt number of the current or next attempt at the task, from 1
 * @param notBefore earliest start of the next attempt; null for at once
 * @param startedAt when a worker started the first task; null before
 * @param grids grids in the folder of the job that a splitter cuts or has cut; empty before they are there
 * @param warnings notices for the client
 * @param attemptFailures failures of earlier attempts, oldest first
 * @param engineMillis milliseconds that engines needed in total; null until known
 * @param enhancement result of the prompt rewrite; null until known, or if none was requested
 * @param providerCalls number of calls by which all attempts asked providers for images; null until one is reported
 * @param providerUsage what providers say they used in all attempts; null until one is reported
 * @param cancel first cancellation request; null if there was none
 */
record JobRecord(
        GenerationRequested submission,
        GenerationRequest request,
        int version,
        String task,
        int attempt,
        @Nullable Instant notBefore,
        @Nullable Instant startedAt,
        List<StoredImage> grids,
        List<Job.Warning> warnings,
        List<Job.AttemptFailure> attemptFailures,
        @Nullable Long engineMillis,
        @Nullable Enhancement enhancement,
        @Nullable Integer providerCalls,
        @Nullable ProviderUsage providerUsage,
        @Nullable CancelRequested cancel) {

    /** The name of the first task of a job, unless another request had the same id. */
    static final String GENERATE = "generate";

    /** The name of the task that cuts grids, unless the client's request asks for nothing else. */
    static final String SPLIT = "split";

    JobRecord {
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        attemptFailures = List.copyOf(attemptFailures);
    }

    /** The record of a job that was just accepted. */
    static JobRecord of(GenerationRequested submission) {
        return new JobRecordBuilder(submission).build();
    }

    JobId job() {
        return submission.job();
    }

    /** Whether a report is about the current task and not about an earlier attempt. */
    boolean isCurrent(Report report) {
        return task.equals(report.task()) && report.attempt() >= attempt;
    }

    boolean isLastAttempt(int reportedAttempt) {
        return reportedAttempt >= submission.maxAttempts();
    }

    /** Whether a worker has started the job. */
    boolean hasStarted() {
        return startedAt != null;
    }

    /** Whether the current task cuts grids. */
    boolean isSplitting() {
        return splitsOnly() || task.equals(SPLIT);
    }

    /** Whether to cut grids that existed before is all that the job does. */
    boolean splitsOnly() {
        return request.splitsOnly();
    }

    /** The stored grids that the split task cuts. Those of a job that only splits belong to another job until they are cut. */
    List<StoredImage> gridsToCut() {
        return splitsOnly()
                ? request.images().stream()
                        .flatMap(source -> Stream.ofNullable(source.stored()))
                        .toList()
                : grids;
    }

    /** The address of the grid that the split task cuts; null if it is stored. */
    @Nullable
    String addressToCut() {
        return splitsOnly()
                ? request.images().stream()
                        .flatMap(source -> Stream.ofNullable(source.imageUrl()))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /** Whether the images of the current task are grids that must be cut. */
    boolean needsSplit() {
        return !isSplitting() && request.grid() != null;
    }

    /** Whether a task can follow the current one: the split task, or the task of a remaining fallback. */
    boolean isLaterTask(String name) {
        if (isSplitting()) {
            return false;
        }
        int tried = request.tried().size();
        return (needsSplit() && name.equals(SPLIT))
                || IntStream.rangeClosed(1, request.fallbacks().size())
                        .mapToObj(next -> fallbackTask(tried + next))
                        .anyMatch(name::equals);
    }

    /** Whether the current model is a fallback. */
    boolean isFallback() {
        return !request.tried().isEmpty();
    }

    /** Whether the current model is a fallback of which no attempt has failed yet. */
    boolean isNewFallback() {
        return isFallback()
                && !isSplitting()
                && attemptFailures.stream().noneMatch(failure -> failure.task().equals(task));
    }

    /** Whether a fallback model is asked after a failure for which the current model is not asked again. */
    boolean canFallBackAfter(Failure failure) {
        return !isSplitting()
                && failure.code().allowsFallback()
                && !request.fallbacks().isEmpty();
    }

    /** The failure of the last attempt at the current task, or of the previous model; null if there was none. */
    @Nullable
    Failure lastFailure() {
        if (attemptFailures.isEmpty()) {
            return null;
        }
        var last = attemptFailures.get(attemptFailures.size() - 1);
        return splitsOnly() || isSplitting() == last.task().equals(SPLIT) ? last.failure() : null;
    }

    /** The next version, without other changes. */
    JobRecord nextVersion() {
        return next().build();
    }

    /** The next version, after a worker started an attempt. */
    JobRecord started(TaskStarted report, Instant at) {
        return next().attempt(report.attempt()).startedAt(at).build();
    }

    /** The next version, after a worker completed the current task. */
    JobRecord succeeded(TaskSucceeded report, Instant at) {
        return next().attempt(report.attempt())
                .startedAt(at)
                .grids(report.grids().isEmpty() ? grids : report.grids())
                .addWarnings(report.warnings())
                .addEngineMillis(report.engineMillis())
                .enhancement(report.enhancement())
                .addProvider(report)
                .build();
    }

    /** The next version, after an attempt at the current task failed. */
    JobRecord failed(TaskFailed report, Instant at) {
        return next().attempt(report.attempt())
                .addFailure(new Job.AttemptFailure(
                        report.task(),
                        report.attempt(),
                        at,
                        report.failure(),
                        report.providerCalls(),
                        report.providerUsage()))
                .addProvider(report)
                .build();
    }

    /** The next version, after a worker stopped the current task for a cancellation. */
    JobRecord canceled(TaskCanceled report) {
        return next().addProvider(report).build();
    }

    /** The next version, after the first cancellation request. */
    JobRecord cancelRequested(CancelRequested cancellation) {
        return next().cancel(cancellation).build();
    }

    /** The same version with another attempt at the same task, due after its back-off. */
    JobRecord retry(Instant failedAt) {
        int next = attempt + 1;
        return copy().attempt(next)
                .notBefore(failedAt.plus(BackOff.before(next)))
                .build();
    }

    /**
     * The same version with the next fallback model, due at once. The task gets a name of its own, so that late reports about the previous
     * model change nothing.
     */
    JobRecord fallBack(Failure cause) {
        var fallback = request.withNextFallback();
        var message = "The model '%s' failed (%s: %s); '%s' was asked instead."
                .formatted(request.model(), cause.code().word(), cause.message(), fallback.model());
        return copy().request(fallback)
                .task(fallbackTask(fallback.tried().size()))
                .addWarnings(List.of(new Job.Warning("fallback", message, null)))
                .build();
    }

    /** The same version with the split task, due at once. */
    JobRecord split(List<StoredImage> generatedGrids) {
        return copy().task(SPLIT).grids(generatedGrids).build();
    }

    /** The same version with a warning that the grids are delivered whole because they cannot be cut. */
    JobRecord notSplit(Failure cause) {
        var message = "The grid could not be cut into tiles: " + cause.message();
        return copy().addWarnings(List.of(new Job.Warning("grid-not-split", message, null)))
                .build();
    }

    private String fallbackTask(int number) {
        return submission.task() + "-fallback-" + number;
    }

    private JobRecordBuilder next() {
        return copy().nextVersion();
    }

    private JobRecordBuilder copy() {
        return new JobRecordBuilder(this);
    }
}
