package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.gateway.lifecycle.JobTask.Release;
import io.atelier.gateway.lifecycle.JobTask.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a job. A task becomes due when all tasks that it needs are done, and tasks that do not need each other are due at the same
 * time. Immutable. What is computed from all tasks does not depend on the order in which they ended.
 *
 * @param tasks all tasks of the job in the order of its plan: each follows those that it needs
 */
record TaskGraph(List<JobTask> tasks) {

    /** A client sees the open task that changed last, or the last change of all if no task is open. Among equals, the first one. */
    private static final Comparator<JobTask> BY_CURRENCY = Comparator.comparing(JobTask::isOpen)
            .thenComparing(task -> task.changed().number())
            .thenComparing(task -> task.status() == Status.FAILED);

    private static final Comparator<Release> BY_DURATION =
            Comparator.comparing(Release::afterMillis, Comparator.nullsLast(Comparator.naturalOrder()));

    TaskGraph {
        tasks = List.copyOf(tasks);
    }

    /**
     * The tasks of a job that was just accepted. None of them is due yet.
     *
     * @throws IllegalArgumentException if the plan is empty, names a task twice, or a task does not follow all tasks that it needs
     */
    static TaskGraph of(List<PlannedTask> plan, JobVersion first) {
        var names = new HashSet<String>();
        for (var task : plan) {
            if (!names.containsAll(task.needs()) || !names.add(task.name())) {
                throw new IllegalArgumentException(
                        "The task %s of a plan is there twice, or does not follow all that it needs: %s."
                                .formatted(task.name(), task.needs()));
            }
        }
        if (plan.isEmpty()) {
            throw new IllegalArgumentException("A plan without tasks. Every job has at least one.");
        }
        var waiting = plan.stream().map(task -> JobTask.of(task, first.at())).toList();
        return new TaskGraph(waiting);
    }

    /** The task with a name, which a fallback may have changed; empty if there is none. */
    Optional<JobTask> find(String name) {
        for (var task : tasks) {
            if (task.name().equals(name)) {
                return Optional.of(task);
            }
        }
        return Optional.empty();
    }

    /** The tasks that workers run or may lease. */
    List<JobTask> open() {
        return tasks.stream().filter(JobTask::isOpen).toList();
    }

    /** The task that stands for the job where only one can be shown. */
    JobTask current() {
        return tasks.size() == 1
                ? tasks.get(0)
                : tasks.stream().max(BY_CURRENCY).orElseThrow();
    }

    /** The highest attempt of all tasks; tasks that wait have the attempt 1. */
    int highestAttempt() {
        return tasks.stream().mapToInt(JobTask::attempt).max().orElseThrow();
    }

    boolean isAny(Predicate<JobTask> condition) {
        for (var task : tasks) {
            if (condition.test(task)) {
                return true;
            }
        }
        return false;
    }

    boolean areAllDone() {
        return !isAny(task -> !task.isDone());
    }

    /** Whether a report about a task of this name may apply later. */
    boolean mayHaveLater(String name) {
        return isAny(task -> task.mayBeNamed(name));
    }

    /** The same tasks with a changed one. */
    TaskGraph with(JobTask changed) {
        return map(task -> task.plan().name().equals(changed.plan().name()) ? changed : task);
    }

    /** The same tasks; those are due now that waited for nothing but tasks that are done. */
    TaskGraph withDue(JobVersion now) {
        var done = done();
        return map(task ->
                task.status() == Status.WAITING && done.containsAll(task.plan().needs()) ? task.due(now) : task);
    }

    /** The same tasks; those that meet the condition are canceled. */
    TaskGraph cancel(Predicate<JobTask> condition, JobVersion now) {
        return map(task -> condition.test(task) ? task.canceled(now) : task);
    }

    private Set<String> done() {
        return tasks.stream()
                .filter(JobTask::isDone)
                .map(task -> task.plan().name())
                .collect(Collectors.toSet());
    }

    private TaskGraph map(UnaryOperator<JobTask> change) {
        var changed = new ArrayList<>(tasks);
        changed.replaceAll(change);
        return new TaskGraph(changed);
    }

    /** The tasks that a task needs, in the order of its needs. */
    Stream<JobTask> needs(JobTask task) {
        return task.plan().needs().stream()
                .flatMap(
                        need -> tasks.stream().filter(each -> each.plan().name().equals(need)));
    }

    /** The images that a task uses: those of the tasks that it needs, in the order of its needs. */
    List<StoredImage> inputs(JobTask task) {
        return needs(task).flatMap(need -> images(need).stream()).toList();
    }

    /** The images that the job delivers: those of the tasks that no other task needs. */
    List<StoredImage> images() {
        var needed =
                tasks.stream().flatMap(task -> task.plan().needs().stream()).collect(Collectors.toSet());
        return tasks.stream()
                .filter(task -> !needed.contains(task.plan().name()))
                .flatMap(task -> images(task).stream())
                .toList();
    }

    /** The images of a task: its own, or the grids if it has cut none. A grid of an avatar is no image to deliver. */
    private List<StoredImage> images(JobTask task) {
        var images = task.images();
        return images.isEmpty() && task.isSplit() && task.plan().step() == null ? grids(task) : images;
    }

    /** The base image of an avatar; null if no task makes it, or none is there yet. */
    @Nullable
    StoredImage base() {
        return tasks.stream()
                .filter(task -> task.plan().step() == AvatarStep.BASE)
                .flatMap(task -> task.images().stream())
                .findFirst()
                .orElse(null);
    }

    /** The prompts that tasks wrote, in the order of the plan. */
    List<StoredPrompt> prompts() {
        return results().map(TaskResult::prompt).filter(Objects::nonNull).toList();
    }

    /** The grids in the folder of the job that a splitter cuts or has cut; empty before they are there. */
    List<StoredImage> grids() {
        return tasks.stream()
                .filter(task -> task.isSplit() && task.hasBeenDue())
                .flatMap(task -> grids(task).stream())
                .toList();
    }

    private List<StoredImage> grids(JobTask split) {
        var cut = split.cutGrids();
        return cut.isEmpty() ? inputs(split) : cut;
    }

    /** Notices for the client. */
    List<Job.Warning> warnings() {
        return tasks.stream().flatMap(JobTask::warnings).toList();
    }

    /** The failures of attempts, oldest first. */
    List<Job.AttemptFailure> failures() {
        return results()
                .flatMap(result -> result.failures().stream())
                .sorted(Comparator.comparing(Job.AttemptFailure::at))
                .toList();
    }

    /** What all attempts at all tasks used. */
    TaskUsage usage() {
        return results().map(TaskResult::usage).reduce(TaskUsage.NONE, TaskUsage::plus);
    }

    /** The result of the prompt rewrite; null until known, or if none was requested. */
    @Nullable
    Enhancement enhancement() {
        return results()
                .map(TaskResult::enhancement)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** When a worker started the first task; null before. */
    @Nullable
    Instant startedAt() {
        return tasks.stream()
                .map(JobTask::startedAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** How the slowest worker ended its task while the job was being canceled; empty if none did. */
    Optional<Release> lastRelease() {
        return tasks.stream().map(JobTask::release).filter(Objects::nonNull).max(BY_DURATION);
    }

    private Stream<TaskResult> results() {
        return tasks.stream().map(JobTask::result);
    }
}
