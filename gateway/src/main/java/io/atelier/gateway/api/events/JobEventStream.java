package io.atelier.gateway.api.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Job;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.previews.JobPreview;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Makes the server-sent events of one job for one client: each version once, in order and without a gap, also when the view skips states. Not
 * thread-safe.
 */
final class JobEventStream {

    private final Function<Job, Generation> whole;
    private boolean isStarted;
    private int sent;
    private @Nullable Job latest;

    /** The last preview that came before the state of its job, by another way. */
    private @Nullable JobPreview early;

    private @Nullable ServerSentEvent<Object> last;

    /**
     * A stream that begins with a snapshot, or after the last version that the client received.
     *
     * @param lastVersion empty for a snapshot
     * @param whole makes the full object of a job
     */
    JobEventStream(OptionalInt lastVersion, Function<Job, Generation> whole) {
        this.whole = whole;
        this.isStarted = lastVersion.isPresent();
        this.sent = lastVersion.orElse(0);
    }

    /** The events for a new state of the job. */
    List<ServerSentEvent<Object>> state(Job job) {
        latest = job;
        var steps = steps(job);
        var events = new ArrayList<ServerSentEvent<Object>>();
        if (isStarted) {
            steps.stream()
                    .filter(step -> step.version() > sent && !isAfterTheEnd(step, steps))
                    .forEach(step -> events.add(event(step, job)));
        } else {
            events.add(event(steps.get(steps.size() - 1), whole.apply(job)));
            isStarted = true;
        }
        if (early != null && isCurrent(early.progress(), job)) {
            events.addAll(preview(early));
        }
        return job.status().terminal() ? end(events) : events;
    }

    /** The event for a progress; none unless the job is known to run. */
    List<ServerSentEvent<Object>> progress(TaskProgress progress) {
        var job = latest;
        if (job == null || !isCurrent(progress, job)) {
            return List.of();
        }
        var data = new Progress(
                job.id().value(),
                job.version(),
                progress.fraction(),
                progress.step(),
                progress.steps(),
                progress.phase(),
                progress.etaSeconds());
        return List.of(
                ServerSentEvent.<Object>builder(data).event(EventName.PROGRESS).build());
    }

    /**
     * The event for a preview; none while the job is not known to run, but then that of the last preview follows the state. It has no id, so that it does not
     * change where a client resumes.
     */
    List<ServerSentEvent<Object>> preview(JobPreview preview) {
        var job = latest;
        if (job == null || !isCurrent(preview.progress(), job)) {
            early = preview;
            return List.of();
        }
        early = null;
        return List.of(ServerSentEvent.<Object>builder(Preview.of(preview, job))
                .event(EventName.PREVIEW)
                .build());
    }

    private static boolean isCurrent(TaskProgress progress, Job job) {
        return Generation.currentProgress(job, Optional.of(progress)).isPresent();
    }

    /** The last event, because no further state will arrive. */
    List<ServerSentEvent<Object>> closed() {
        return end(new ArrayList<>());
    }

    /** Whether this event is the last one. */
    boolean endsWith(ServerSentEvent<Object> event) {
        return event.equals(last);
    }

    private List<ServerSentEvent<Object>> end(List<ServerSentEvent<Object>> events) {
        if (events.isEmpty()) {
            events.add(ServerSentEvent.builder().comment(" end").build());
        }
        last = events.get(events.size() - 1);
        return events;
    }

    private ServerSentEvent<Object> event(Job.Step step, Job job) {
        return event(step, step.status().terminal() ? whole.apply(job) : Change.of(step, job));
    }

    private ServerSentEvent<Object> event(Job.Step step, Object data) {
        sent = step.version();
        return ServerSentEvent.builder(data)
                .id(Integer.toString(step.version()))
                .event(EventName.of(step.type()))
                .build();
    }

    /** Whether the step follows the end of the job, as an erasure does. It is not sent. */
    private static boolean isAfterTheEnd(Job.Step step, List<Job.Step> steps) {
        return steps.stream()
                .anyMatch(other ->
                        other.version() < step.version() && other.status().terminal());
    }

    private static List<Job.Step> steps(Job job) {
        var history = job.history();
        if (!history.isEmpty() && history.get(history.size() - 1).version() >= job.version()) {
            return history;
        }
        var steps = new ArrayList<>(history);
        var at = Objects.requireNonNullElse(
                job.completedAt(), Objects.requireNonNullElse(job.startedAt(), job.createdAt()));
        steps.add(new Job.Step(job.version(), EventName.typeOf(job), job.status(), job.stage(), at, job.attempt()));
        return steps;
    }

    /** The JSON of a change of the state of a job. */
    @Schema(name = "GenerationChange", description = "A change of the state of a generation")
    record Change(String id, int version, String status, String stage, Instant at, int attempt) {

        static Change of(Job.Step step, Job job) {
            return new Change(
                    job.id().value(), step.version(), step.status().word(), step.stage(), step.at(), step.attempt());
        }
    }

    /** The JSON of the progress of a running job. */
    @Schema(name = "GenerationProgress", description = "The progress of a running generation")
    record Progress(
            String id,
            int version,
            @Schema(description = "0 to 1") double fraction,
            int step,
            int steps,
            String phase,

            @Schema(
                    description =
                            "The estimated seconds until the phase ends; left out if there is nothing to estimate it from")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Long etaSeconds) {}

    /** The JSON of a preview of an unfinished image. */
    @Schema(name = "GenerationPreview", description = "A preview of an unfinished image of a running generation")
    record Preview(
            String id,
            int version,

            @Schema(description = "The task that makes the image", example = "generate")
            String task,

            @Schema(description = "The index of the image among those of the task, from 0")
            int image,

            @Schema(description = "The number of the preview among those of the task's attempt; some are left out")
            int number,

            @Schema(description = "After how many steps the image was so")
            int step,

            int steps,

            @Schema(description = "Of the preview in pixels, at most 256")
            int width,

            @Schema(description = "Of the preview in pixels, at most 256")
            int height,

            @Schema(example = TaskProgress.Preview.MEDIA_TYPE)
            String mediaType,

            @Schema(description = "The file in Base64; the file has at most 64 kB")
            String data) {

        static Preview of(JobPreview preview, Job job) {
            var shown = preview.preview();
            return new Preview(
                    job.id().value(),
                    job.version(),
                    preview.progress().task(),
                    shown.image(),
                    shown.number(),
                    shown.step(),
                    shown.steps(),
                    shown.width(),
                    shown.height(),
                    TaskProgress.Preview.MEDIA_TYPE,
                    preview.data());
        }
    }
}
