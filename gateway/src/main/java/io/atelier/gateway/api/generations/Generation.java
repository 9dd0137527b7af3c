package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.queue.QueuePosition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of a job. Unknown values are null or left out, never guessed. */
@Schema(name = "Generation")
public record Generation(
        @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") String id,
        @Schema(allowableValues = "generation") String object,

        @Schema(description = "Increases by one with each change of state", example = "3")
        int version,

        @Schema(allowableValues = {"queued", "running", "succeeded", "failed", "canceled", "expired"})
        String status,

        @Schema(description = "The current stage; more values may come", example = "generating")
        String stage,

        @Schema(description = "Whether the status is final") boolean terminal,
        Instant createdAt,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        Deadline deadline,

        @Schema(description = "When its images, prompt and labels are erased; null if no time is set") @Nullable
        Instant expiresAt,

        @Schema(description = "The job that this one retries, or whose grids it splits again") @Nullable
        String parentId,

        @Schema(
                description = "The model that generates the images, or the last one tried; null if the job only splits"
                        + " images",
                example = "pocket")
        @Nullable
        String model,

        @Schema(description = "The model that the request named; null if the job only splits images", example = "auto")
        @Nullable
        String requestedModel,

        @Schema(
                description =
                        "The attempt at the current task, from 1; of an avatar the highest at any of its tasks, which"
                                + " never goes back")
        int attempt,

        @Schema(description = "The attempts after which a task fails")
        int maxAttempts,

        @Schema(description = "Its position in the queue; null once it runs") @Nullable
        QueuePosition queue,

        @Schema(
                description =
                        "The model that rewrote the prompt; 'none' if rewriting failed; left out until known, and if"
                                + " not requested")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String enhancedBy,

        @Schema(description = "The rewritten prompt, which the images are generated from")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String enhancedPrompt,

        @Schema(
                maxLength = Caption.MAX_LENGTH,
                description = "A text for chats that goes with the images: the model, who rewrote the prompt, and the"
                        + " prompt, with the characters escaped that HTML interprets; left out until the job has"
                        + " succeeded")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String caption,

        @Nullable Progress progress,

        @Schema(description = "The deliverables: tiles if a grid was cut, else the images")
        List<ImageObject> images,

        @Schema(description = "The uncut grids; null if none was requested") @Nullable
        GridObject grid,

        @Schema(description = "The base image of an avatar, which its grids show again; left out until it is there")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        ImageObject base,

        @Schema(description = "What the job makes for a person; left out for other jobs")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        AvatarObject avatar,

        @Schema(description = "The stages of an avatar in the order of the work; left out for other jobs")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<StageObject> stages,

        List<Job.Warning> warnings,

        @Schema(description = "The errors of failed attempts, oldest first")
        List<AttemptError> lastErrors,

        @Nullable JobError error,

        @Schema(description = "The cancellation request and its outcome; null if there is none") @Nullable
        CancellationObject cancel,

        GenerationUsage usage,

        @Schema(description = "The request, with defaults filled in")
        RequestEcho request,

        @JsonFormat(with = JsonFormat.Feature.WRITE_SORTED_MAP_ENTRIES)
        Map<String, String> labels,

        @Nullable String clientRef,
        Urls urls) {

    private static final String SPLIT = "split";

    /** Renders a job, without the fields that clients must not see. {@link GenerationAssembler} supplies what the job does not contain. */
    static Generation of(
            Job job, String stage, Optional<TaskProgress> progress, Optional<QueuePosition> position, ImageUrls urls) {
        var request = job.request();
        var paths = urls.paths();
        return new Generation(
                job.id().value(),
                "generation",
                job.version(),
                job.status().word(),
                stage,
                job.status().terminal(),
                job.createdAt(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                new Deadline(request.terms().startBy(), request.terms().completeBy()),
                job.expiresAt(),
                request.terms().parent() == null
                        ? null
                        : request.terms().parent().value(),
                request.model().isEmpty() ? null : request.model(),
                request.model().isEmpty() ? null : request.requestedModel(),
                job.attempt(),
                job.maxAttempts(),
                position.orElse(null),
                job.enhancement() == null ? null : job.enhancement().by(),
                job.enhancement() == null ? null : job.enhancement().prompt(),
                Caption.of(job),
                currentProgress(job, progress).map(Progress::of).orElse(null),
                ImageObject.deliverables(job, urls),
                grid(job, urls),
                job.base() == null ? null : ImageObject.base(job.base(), job.id(), urls),
                AvatarObject.of(job, paths),
                job.stages().stream().map(StageObject::of).toList(),
                job.warnings(),
                job.lastErrors().stream().map(AttemptError::of).toList(),
                job.error() == null ? null : JobError.of(job.error()),
                job.cancel() == null ? null : CancellationObject.of(job.cancel()),
                GenerationUsage.of(job),
                RequestEcho.of(request),
                request.labels(),
                request.clientRef(),
                Urls.of(job, paths));
    }

    /** The progress of the running task; empty if none runs or no progress was received. */
    public static Optional<TaskProgress> currentProgress(Job job, Optional<TaskProgress> progress) {
        if (job.request().avatar() != null) {
            return AvatarProgress.of(job, progress);
        }
        boolean splitting = job.stage().equals(AvatarStage.SPLITTING);
        return progress.filter(latest -> job.status() == JobStatus.RUNNING
                && latest.attempt() == job.attempt()
                && (latest.task().equals(SPLIT) || latest.task().startsWith(SPLIT + "-")) == splitting
                && job.lastErrors().stream().noneMatch(failed -> hasFailed(latest, failed)));
    }

    /** Whether the attempt of this progress has failed: another attempt, or another model, runs now. */
    private static boolean hasFailed(TaskProgress progress, Job.AttemptFailure failed) {
        return failed.task().equals(progress.task()) && failed.attempt() >= progress.attempt();
    }

    private static @Nullable GridObject grid(Job job, ImageUrls urls) {
        GridSpec spec = job.request().grid();
        return spec == null ? null : GridObject.of(spec, job, urls);
    }

    /** The progress of the running task. */
    @Schema(name = "Progress")
    record Progress(
            @Schema(description = "0 to 1", example = "0.44")
            double fraction,

            int step,
            int steps,
            @Schema(example = "denoise") String phase,

            @Schema(
                    description =
                            "The estimated seconds until the phase ends; left out if there is nothing to estimate it from",
                    example = "12")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Long etaSeconds,

            Instant updatedAt) {

        static Progress of(TaskProgress progress) {
            return new Progress(
                    progress.fraction(),
                    progress.step(),
                    progress.steps(),
                    progress.phase(),
                    progress.etaSeconds(),
                    progress.at());
        }
    }

    /** The deadlines of the job. */
    @Schema(name = "Deadline")
    record Deadline(@Nullable Instant startBy, @Nullable Instant completeBy) {}

    /** The paths of the job's resources. */
    @Schema(name = "GenerationUrls")
    record Urls(
            String self,
            String images,

            @Schema(description = "The stream of its events")
            String events,

            @Schema(description = "The first image") String image,
            @Nullable String grid) {

        static Urls of(Job job, ApiPaths paths) {
            var id = job.id();
            return new Urls(
                    paths.job(id),
                    paths.images(id),
                    paths.events(id),
                    paths.image(id, 0),
                    job.request().grid() == null ? null : paths.grid(id, 0));
        }
    }
}
