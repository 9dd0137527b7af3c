package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobTask.Status;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives the records for the workers from a state: the tasks that are due, or a cancellation. */
final class NextTasks {

    private NextTasks() {}

    /**
     * The tasks for generator workers that are due since the version of the state. Without the first attempt at the first task: workers lease the
     * client's own request, which the gateway has published.
     */
    static List<GenerationRequested> generate(Existing state) {
        return due(state)
                .filter(task -> !task.isSplit() && !isSubmission(state, task))
                .map(task -> generateAgain(state, task))
                .toList();
    }

    private static boolean isSubmission(Existing state, JobTask task) {
        return task.attempt() == 1
                && task.name().equals(state.record().submission().task());
    }

    /**
     * An open task for generator workers, also the first attempt at the first task, and while a worker runs it. It carries the number of the last
     * known attempt, because a report about an earlier one would change nothing.
     */
    static GenerationRequested generateAgain(Existing state, JobTask task) {
        var submission = state.record().submission();
        return new GenerationRequested(
                submission.job(),
                task.name(),
                task.attempt(),
                submission.maxAttempts(),
                task.changed().at(),
                task.notBefore(),
                task.request());
    }

    /** The tasks for splitter workers that are due since the version of the state. */
    static List<SplitRequested> split(Existing state) {
        return due(state)
                .filter(JobTask::isSplit)
                .map(task -> splitAgain(state, task))
                .toList();
    }

    /** An open task for splitter workers, also while a worker runs it; see {@link #generateAgain}. */
    static SplitRequested splitAgain(Existing state, JobTask task) {
        var submission = state.record().submission();
        return new SplitRequested(
                submission.job(),
                task.name(),
                task.attempt(),
                submission.maxAttempts(),
                task.changed().at(),
                task.notBefore(),
                Objects.requireNonNull(submission.request().grid()),
                gridsToCut(state, task),
                submission.request().jpeg(),
                addressToCut(task));
    }

    private static Stream<JobTask> due(Existing state) {
        var record = state.record();
        return record.tasks().tasks().stream()
                .filter(task -> task.isDue() && task.changed().number() == record.version());
    }

    /** The stored grids that a split task cuts. Those of a job that only splits belong to another job until they are cut. */
    private static List<StoredImage> gridsToCut(Existing state, JobTask task) {
        return task.plan().isFirst()
                ? task.request().images().stream()
                        .flatMap(source -> Stream.ofNullable(source.stored()))
                        .toList()
                : state.record().tasks().inputs(task);
    }

    /** The address of the grid that a split task cuts; null if it is stored. */
    private static @Nullable String addressToCut(JobTask task) {
        return task.plan().isFirst()
                ? task.request().images().stream()
                        .flatMap(source -> Stream.ofNullable(source.imageUrl()))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /**
     * The cancellation for the workers, if a deadline caused it, or the failure of a task while others were open. The gateway publishes the
     * cancellations of clients itself.
     */
    static Optional<CancelRequested> cancellation(Existing state) {
        var record = state.record();
        if (state instanceof Expired) {
            return Optional.of(
                    new CancelRequested(record.job(), state.since(), CanceledBy.DEADLINE, null, Duration.ZERO));
        }
        if (state instanceof Failed && record.tasks().isAny(task -> task.status() == Status.CANCELED)) {
            return Optional.of(DeadlineFailures.cancellation(record.job(), state.since()));
        }
        return Optional.ofNullable(record.cancel()).filter(request -> request.by() == CanceledBy.DEADLINE);
    }
}
