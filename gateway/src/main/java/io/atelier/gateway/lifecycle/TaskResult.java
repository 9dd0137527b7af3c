package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.StoredPrompt;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came of a task so far. Immutable; each method that describes a change returns a new result.
 *
 * @param images stored images in the order of their index; empty before the task is done
 * @param grids grids that the task cut, with the places of the cuts; empty if it cut none
 * @param warnings notices for the client
 * @param failures failures of attempts, oldest first
 * @param enhancement result of the prompt rewrite; null until known, or if none was requested
 * @param usage what all attempts used
 * @param prompt prompt that the task wrote; null if it wrote none
 */
record TaskResult(
        List<StoredImage> images,
        List<StoredImage> grids,
        List<Job.Warning> warnings,
        List<Job.AttemptFailure> failures,
        @Nullable Enhancement enhancement,
        TaskUsage usage,
        @Nullable StoredPrompt prompt) {

    /** Nothing came of the task yet. */
    static final TaskResult NONE =
            new TaskResult(List.of(), List.of(), List.of(), List.of(), null, TaskUsage.NONE, null);

    TaskResult {
        images = List.copyOf(images);
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        failures = List.copyOf(failures);
    }

    /** The result of a task that a worker completed. */
    TaskResult with(TaskSucceeded report) {
        return new TaskResult(
                report.images(),
                report.grids(),
                append(warnings, report.warnings()),
                failures,
                enhancement == null ? report.enhancement() : enhancement,
                usage.plus(TaskUsage.of(report)),
                report.prompt());
    }

    /** The result after an attempt failed. */
    TaskResult with(TaskFailed report, Instant at) {
        var failure = new Job.AttemptFailure(
                report.task(), report.attempt(), at, report.failure(), report.providerCalls(), report.providerUsage());
        return new TaskResult(
                images,
                grids,
                warnings,
                append(failures, List.of(failure)),
                enhancement,
                usage.plus(TaskUsage.of(report)),
                prompt);
    }

    /** The result after an attempt that brought nothing, but may have used something. */
    TaskResult withUsageOf(EndReport report) {
        return new TaskResult(images, grids, warnings, failures, enhancement, usage.plus(TaskUsage.of(report)), prompt);
    }

    /** The result with one more notice. */
    TaskResult withWarning(String code, String message) {
        var warning = new Job.Warning(code, message, null);
        return new TaskResult(images, grids, append(warnings, List.of(warning)), failures, enhancement, usage, prompt);
    }

    private static <T> List<T> append(List<T> list, List<T> more) {
        return Stream.concat(list.stream(), more.stream()).toList();
    }
}
