package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job has been through so far: the part of its state that every state after the request has.
 *
 * @param version one for each change of state
 * @param task the task under way: {@value #GENERATE} or {@value #SPLIT}
 * @param attempt the attempt at that task which is due or under way
 * @param notBefore when the attempt may begin; null for at once
 * @param grids the untouched grids, once they are drawn
 * @param attemptFailures why earlier attempts failed, oldest first
 */
record Course(
        GenerationRequested order,
        int version,
        String task,
        int attempt,
        @Nullable Instant notBefore,
        @Nullable Instant startedAt,
        List<StoredImage> grids,
        List<Job.Warning> warnings,
        List<Job.AttemptFailure> attemptFailures,
        @Nullable Long engineMillis) {

    static final String GENERATE = "generate";
    static final String SPLIT = "split";

    Course {
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        attemptFailures = List.copyOf(attemptFailures);
    }

    static Course of(GenerationRequested order) {
        return new Course(order, 1, order.task(), order.attempt(), null, null, List.of(), List.of(), List.of(), null);
    }

    /** Whether a report speaks of the task under way and is not older than the attempt under way. */
    boolean concerns(String reportedTask, int reportedAttempt) {
        return task.equals(reportedTask) && reportedAttempt >= attempt;
    }

    boolean lastAttempt(int reportedAttempt) {
        return reportedAttempt >= order.maxAttempts();
    }

    boolean splitComesNext() {
        return task.equals(GENERATE) && order.request().grid() != null;
    }

    boolean splitting() {
        return task.equals(SPLIT);
    }

    Course started(TaskStarted report) {
        return new Course(
                order,
                version + 1,
                task,
                report.attempt(),
                null,
                startedAt == null ? report.at() : startedAt,
                grids,
                warnings,
                attemptFailures,
                engineMillis);
    }

    Course succeeded(TaskSucceeded report) {
        var allWarnings = new ArrayList<>(warnings);
        allWarnings.addAll(report.warnings());
        return new Course(
                order,
                version + 1,
                task,
                report.attempt(),
                null,
                startedAt == null ? report.at() : startedAt,
                grids,
                allWarnings,
                attemptFailures,
                sum(engineMillis, report.engineMillis()));
    }

    Course failed(TaskFailed report) {
        var all = new ArrayList<>(attemptFailures);
        all.add(new Job.AttemptFailure(report.task(), report.attempt(), report.at(), report.failure()));
        return new Course(
                order, version + 1, task, report.attempt(), null, startedAt, grids, warnings, all, engineMillis);
    }

    /** The next attempt at the same task. */
    Course retry(Instant retryAt) {
        return new Course(
                order, version, task, attempt + 1, retryAt, startedAt, grids, warnings, attemptFailures, engineMillis);
    }

    /** On to the next task: cutting the grids. */
    Course split(List<StoredImage> drawn) {
        return new Course(order, version, SPLIT, 1, null, startedAt, drawn, warnings, attemptFailures, engineMillis);
    }

    Course warned(Job.Warning warning) {
        var all = new ArrayList<>(warnings);
        all.add(warning);
        return new Course(
                order, version, task, attempt, notBefore, startedAt, grids, all, attemptFailures, engineMillis);
    }

    /** Why the last attempt at the task under way failed; null if none has. */
    @Nullable
    Failure lastFailure() {
        if (attemptFailures.isEmpty()) {
            return null;
        }
        var last = attemptFailures.get(attemptFailures.size() - 1);
        return last.task().equals(task) ? last.failure() : null;
    }

    private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
        return a == null ? b : b == null ? a : Long.valueOf(a + b);
    }
}
