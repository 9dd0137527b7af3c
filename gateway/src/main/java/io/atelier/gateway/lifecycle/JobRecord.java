package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Report;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.work.BackOff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a job has been through so far: the part of its state that every state after the request has.
 *
 * @param order the client's own
 * @param request as it now stands: the client's own, or that of a fallback
 * @param version one for each change of state
 * @param task the task under way: that of the order, of a fallback's, or {@value #SPLIT}
 * @param attempt the attempt at that task which is due or under way
 * @param notBefore when the attempt may begin; null for at once
 * @param grids the untouched grids, once they are drawn
 * @param attemptFailures why earlier attempts failed, oldest first
 * @param enhancement what came of the wish to better the prompt; null until known, or if there was none
 * @param cancel the first wish to end the job early that counted; null if there was none
 */
record JobRecord(
        GenerationRequested order,
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
        @Nullable CancelRequested cancel) {

    static final String SPLIT = "split";

    JobRecord {
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        attemptFailures = List.copyOf(attemptFailures);
    }

    static JobRecord of(GenerationRequested order) {
        return new JobRecord(
                order,
                order.request(),
                1,
                order.task(),
                order.attempt(),
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null);
    }

    /** Whether a report speaks of the task under way and is not older than the attempt under way. */
    boolean concerns(Report report) {
        return task.equals(report.task()) && report.attempt() >= attempt;
    }

    boolean lastAttempt(int reportedAttempt) {
        return reportedAttempt >= order.maxAttempts();
    }

    boolean splitComesNext() {
        return !splitting() && request.grid() != null;
    }

    boolean splitting() {
        return task.equals(SPLIT);
    }

    /** Whether a task is one that may follow the one under way: cutting what is drawn, or drawing it with a fallback. */
    boolean comesLater(String other) {
        int tried = request.tried().size();
        var fallbacks =
                IntStream.rangeClosed(1, request.fallbacks().size()).mapToObj(next -> fallbackTask(tried + next));
        return (splitComesNext() && other.equals(SPLIT)) || (!splitting() && fallbacks.anyMatch(other::equals));
    }

    /** Whether the model under way was asked because others failed. */
    boolean fellBack() {
        return !request.tried().isEmpty();
    }

    /** Whether nothing was heard yet of a model that was asked because others failed. */
    boolean changesModel() {
        return fellBack()
                && !splitting()
                && attemptFailures.stream().noneMatch(failure -> failure.task().equals(task));
    }

    /** Whether another model is to be asked after a failure for which this one is not asked again. */
    boolean fallsBackOn(Failure failure) {
        return !splitting()
                && failure.code().allowsFallback()
                && !request.fallbacks().isEmpty();
    }

    boolean begun() {
        return startedAt != null;
    }

    JobRecord started(TaskStarted report, Instant at) {
        var next = next();
        next.attempt = report.attempt();
        next.notBefore = null;
        next.startedAt = startedAt == null ? at : startedAt;
        return next.build();
    }

    JobRecord succeeded(TaskSucceeded report, Instant at) {
        var next = next();
        next.attempt = report.attempt();
        next.notBefore = null;
        next.startedAt = startedAt == null ? at : startedAt;
        next.warnings.addAll(report.warnings());
        next.engineMillis = sum(engineMillis, report.engineMillis());
        next.enhancement = enhancement == null ? report.enhancement() : enhancement;
        return next.build();
    }

    JobRecord failed(TaskFailed report, Instant at) {
        var next = next();
        next.attempt = report.attempt();
        next.notBefore = null;
        next.attemptFailures.add(new Job.AttemptFailure(report.task(), report.attempt(), at, report.failure()));
        return next.build();
    }

    /** The job is to end early. */
    JobRecord canceling(CancelRequested wish) {
        var next = next();
        next.cancel = wish;
        return next.build();
    }

    /** Something happened that only the state tells of. */
    JobRecord moved() {
        return next().build();
    }

    /** The next attempt at the same task, a while after the last one failed. */
    JobRecord retry(Instant at) {
        var same = copy();
        same.attempt = attempt + 1;
        same.notBefore = at.plus(BackOff.before(same.attempt));
        return same.build();
    }

    /** On to the next model, at once. Its task has a name of its own, so that nothing of the earlier model's is taken for the next one's. */
    JobRecord fallBack(Failure why) {
        var next = copy();
        next.request = request.fallenBack();
        next.task = fallbackTask(next.request.tried().size());
        next.attempt = 1;
        next.warnings.add(new Job.Warning(
                "fallback",
                "The model '%s' failed (%s: %s); '%s' was asked instead."
                        .formatted(request.model(), why.code().word(), why.message(), next.request.model()),
                null));
        return next.build();
    }

    private String fallbackTask(int hop) {
        return order.task() + "-fallback-" + hop;
    }

    /** On to the next task: cutting the grids. */
    JobRecord split(List<StoredImage> drawn) {
        var same = copy();
        same.task = SPLIT;
        same.attempt = 1;
        same.grids = drawn;
        return same.build();
    }

    /** A grid that cannot be cut is still what was asked for and paid: it is delivered whole. */
    JobRecord undivided(Failure why) {
        var same = copy();
        same.warnings.add(
                new Job.Warning("grid-not-split", "The grid could not be cut into tiles: " + why.message(), null));
        return same.build();
    }

    /** Why the last attempt at the task under way, or the last model asked before, failed; null if none has. */
    @Nullable
    Failure lastFailure() {
        if (attemptFailures.isEmpty()) {
            return null;
        }
        var last = attemptFailures.get(attemptFailures.size() - 1);
        return splitting() == last.task().equals(SPLIT) ? last.failure() : null;
    }

    private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
        return a == null ? b : b == null ? a : Long.valueOf(a + b);
    }

    private Builder copy() {
        return new Builder(this);
    }

    private Builder next() {
        var next = copy();
        next.version++;
        return next;
    }

    /** A record that is being changed. */
    private static final class Builder {

        private final GenerationRequested order;
        private GenerationRequest request;
        private int version;
        private String task;
        private int attempt;
        private @Nullable Instant notBefore;
        private @Nullable Instant startedAt;
        private List<StoredImage> grids;
        private final List<Job.Warning> warnings;
        private final List<Job.AttemptFailure> attemptFailures;
        private @Nullable Long engineMillis;
        private @Nullable Enhancement enhancement;
        private @Nullable CancelRequested cancel;

        Builder(JobRecord from) {
            order = from.order;
            request = from.request;
            version = from.version;
            task = from.task;
            attempt = from.attempt;
            notBefore = from.notBefore;
            startedAt = from.startedAt;
            grids = from.grids;
            warnings = new ArrayList<>(from.warnings);
            attemptFailures = new ArrayList<>(from.attemptFailures);
            engineMillis = from.engineMillis;
            enhancement = from.enhancement;
            cancel = from.cancel;
        }

        JobRecord build() {
            return new JobRecord(
                    order,
                    request,
                    version,
                    task,
                    attempt,
                    notBefore,
                    startedAt,
                    grids,
                    warnings,
                    attemptFailures,
                    engineMillis,
                    enhancement,
                    cancel);
        }
    }
}
