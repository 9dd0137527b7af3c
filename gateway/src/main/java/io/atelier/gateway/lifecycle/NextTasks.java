package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.TaskRequest;
import io.atelier.contract.work.PromptRequested;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.SplitRequested;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Expired;
import io.atelier.gateway.lifecycle.JobState.Failed;
import io.atelier.gateway.lifecycle.JobTask.Status;
import io.atelier.gateway.lifecycle.PlannedTask.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives the records for the workers from a state: the tasks that are due, or a cancellation. */
final class NextTasks {

    private NextTasks() {}

    /**
     * The tasks that are due since the version of the state, in the order of the plan. Without the first attempt at the first task, if it is for
     * generator workers: they lease the client's own request, which the gateway has published.
     */
    static List<TaskRequest> of(Existing state) {
        var record = state.record();
        return record.tasks().tasks().stream()
                .filter(task -> task.isDue() && task.changed().number() == record.version())
                .filter(task -> !isSubmission(record, task))
                .flatMap(task -> again(state, task).stream())
                .toList();
    }

    private static boolean isSubmission(JobRecord record, JobTask task) {
        return task.plan().kind() == Kind.GENERATE
                && task.attempt() == 1
                && task.name().equals(record.submission().task());
    }

    /**
     * The record of an open task, also of the first attempt at the first task, and while a worker runs it. It carries the number of the last known
     * attempt, because a report about an earlier one would change nothing. What the task uses is the same at any time. Empty if the job was
     * erased since, and its request lacks what the task uses.
     */
    static Optional<TaskRequest> again(Existing state, JobTask task) {
        return switch (task.plan().kind()) {
            case GENERATE -> Optional.of(generate(state.record(), task));
            case SPLIT -> Optional.of(split(state.record(), task));
            case PROMPT -> prompt(state.record(), task);
            case PUBLISH -> Optional.of(publish(state.record(), task));
        };
    }

    private static TaskRequest generate(JobRecord record, JobTask task) {
        var submission = record.submission();
        return new GenerationRequested(
                submission.job(),
                task.name(),
                task.attempt(),
                submission.maxAttempts(),
                task.changed().at(),
                task.notBefore(),
                task.plan().step() == AvatarStep.GRID ? gridRequest(record, task) : task.request(),
                task.plan().step());
    }

    /** The request of a grid of an avatar, with the base image and the prompt if tasks have made them. */
    private static GenerationRequest gridRequest(JobRecord record, JobTask task) {
        var request = task.request();
        var images = record.tasks().inputs(task);
        if (!images.isEmpty()) {
            request = request.withImages(List.of(Source.of(record.job(), 0).storedAs(images.get(0))));
        }
        var prompts = prompts(record, task);
        return prompts.isEmpty()
                ? request
                : request.withAvatar(avatar(record).withPrompt(prompts.get(0).text()));
    }

    private static TaskRequest split(JobRecord record, JobTask task) {
        var submission = record.submission();
        return new SplitRequested(
                submission.job(),
                task.name(),
                task.attempt(),
                submission.maxAttempts(),
                task.changed().at(),
                task.notBefore(),
                Objects.requireNonNull(submission.request().grid()),
                images(record, task),
                submission.request().jpeg(),
                addressToCut(task));
    }

    private static Optional<TaskRequest> prompt(JobRecord record, JobTask task) {
        var submission = record.submission();
        return Optional.ofNullable(avatar(record).persona())
                .map(persona -> new PromptRequested(
                        submission.job(),
                        task.name(),
                        task.attempt(),
                        submission.maxAttempts(),
                        task.changed().at(),
                        task.notBefore(),
                        task.plan().index(),
                        persona,
                        prompts(record, task),
                        avatar(record).randomStyle()));
    }

    private static TaskRequest publish(JobRecord record, JobTask task) {
        var submission = record.submission();
        var avatar = avatar(record);
        return new PublishRequested(
                submission.job(),
                task.name(),
                task.attempt(),
                submission.maxAttempts(),
                task.changed().at(),
                task.notBefore(),
                avatar.personaId(),
                avatar.keyBase(),
                images(record, task));
    }

    /** The stored images that a task uses. Those of a first task are of another job, or files of the client: here they have numbers of this job. */
    private static List<StoredImage> images(JobRecord record, JobTask task) {
        return task.plan().isFirst()
                ? numbered(task.request().images().stream()
                        .flatMap(source -> Stream.ofNullable(source.stored()))
                        .toList())
                : record.tasks().inputs(task);
    }

    private static List<StoredImage> numbered(List<StoredImage> images) {
        return IntStream.range(0, images.size())
                .mapToObj(i -> images.get(i).numbered(i))
                .toList();
    }

    /** The prompts that a task uses, in the order of its needs. */
    private static List<StoredPrompt> prompts(JobRecord record, JobTask task) {
        return record.tasks()
                .needs(task)
                .flatMap(need -> Stream.ofNullable(need.result().prompt()))
                .toList();
    }

    private static AvatarSpec avatar(JobRecord record) {
        return Objects.requireNonNull(record.submission().request().avatar());
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
            return Optional.of(DeadlineFailures.cancellationAfterFailure(record.job(), state.since()));
        }
        return Optional.ofNullable(record.cancel()).filter(request -> request.by() == CanceledBy.DEADLINE);
    }
}
