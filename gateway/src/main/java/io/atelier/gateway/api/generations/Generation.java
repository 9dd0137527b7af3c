package io.atelier.gateway.api.generations;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.queue.QueuePosition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of a job. What is not known is null or left out, never guessed. */
@Schema(name = "Generation")
public record Generation(
        @Schema(example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0") String id,
        @Schema(allowableValues = "generation") String object,

        @Schema(description = "Rises by one with each change of state", example = "3")
        int version,

        @Schema(allowableValues = {"queued", "running", "succeeded", "failed", "canceled", "expired"})
        String status,

        @Schema(description = "What is going on; an open set", example = "generating")
        String stage,

        @Schema(description = "Whether the status is final") boolean terminal,
        Instant createdAt,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        Deadline deadline,

        @Schema(description = "When its pictures, prompt and labels are erased; null if that is not foreseen") @Nullable
        Instant expiresAt,

        @Schema(description = "The job that this one repeats") @Nullable
        String parentId,

        @Schema(description = "The model that draws it, or that was asked last", example = "pocket")
        String model,

        @Schema(description = "The model as the request named it", example = "auto")
        String requestedModel,

        int attempt,
        int maxAttempts,

        @Schema(description = "Where it waits; null once it runs") @Nullable
        QueuePosition queue,

        @Schema(
                description =
                        "Who bettered the prompt; 'none' if nobody could; left out if nobody was to, or until it is known")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String enhancedBy,

        @Schema(description = "The better prompt, which was drawn") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String enhancedPrompt,

        @Nullable Progress progress,

        @Schema(description = "The deliverables: tiles if a grid was cut, else the pictures")
        List<ImageObject> images,

        @Schema(description = "The uncut grids; null if none was asked for") @Nullable
        Grid grid,

        List<Job.Warning> warnings,

        @Schema(description = "Why attempts failed, oldest first")
        List<AttemptError> lastErrors,

        @Nullable JobError error,

        @Schema(description = "What became of the wish to end it early; null if nobody had one") @Nullable
        CancellationObject cancel,

        Usage usage,

        @Schema(description = "What was asked for, with the defaults filled in")
        RequestEcho request,

        Map<String, String> labels,
        @Nullable String clientRef,
        Urls urls) {

    private static final String SPLITTING = "splitting";

    /** The job as the world may see it; {@link GenerationAssembler} knows the rest. */
    static Generation of(Job job, String stage, Optional<TaskProgress> progress, Optional<QueuePosition> place) {
        var request = job.request();
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
                request.model(),
                request.requestedModel(),
                job.attempt(),
                job.maxAttempts(),
                place.orElse(null),
                job.enhancement() == null ? null : job.enhancement().by(),
                job.enhancement() == null ? null : job.enhancement().prompt(),
                current(job, progress).map(Progress::of).orElse(null),
                ImageObject.deliverables(job),
                grid(job),
                job.warnings(),
                job.lastErrors().stream().map(AttemptError::of).toList(),
                job.error() == null ? null : JobError.of(job.error()),
                job.cancel() == null ? null : CancellationObject.of(job.cancel()),
                Usage.of(job),
                RequestEcho.of(request),
                request.labels(),
                request.clientRef(),
                Urls.of(job));
    }

    /** The progress of what runs now; empty if nothing does or its progress was not heard of. */
    public static Optional<TaskProgress> current(Job job, Optional<TaskProgress> progress) {
        boolean splitting = job.stage().equals(SPLITTING);
        return progress.filter(heard -> job.status() == JobStatus.RUNNING
                && heard.attempt() == job.attempt()
                && heard.task().equals("split") == splitting
                && job.lastErrors().stream().noneMatch(failed -> isPast(heard, failed)));
    }

    /** Whether the task that it speaks of has failed since: another attempt at it, or another model, has its turn. */
    private static boolean isPast(TaskProgress heard, Job.AttemptFailure failed) {
        return failed.task().equals(heard.task()) && failed.attempt() >= heard.attempt();
    }

    private static @Nullable Grid grid(Job job) {
        GridSpec spec = job.request().grid();
        return spec == null ? null : new Grid(spec.rows(), spec.cols(), ImageObject.grids(job));
    }

    /** How far the task that runs now is. */
    @Schema(name = "Progress")
    record Progress(
            @Schema(description = "0 to 1", example = "0.44")
            double fraction,

            int step,
            int steps,
            @Schema(example = "denoise") String phase,
            Instant updatedAt) {

        static Progress of(TaskProgress heard) {
            return new Progress(heard.fraction(), heard.step(), heard.steps(), heard.phase(), heard.at());
        }
    }

    /** How the pictures were cut, and what they were cut from. */
    @Schema(name = "Grid")
    record Grid(int rows, int cols, List<ImageObject> originals) {}

    /** Why a job failed. */
    @Schema(name = "GenerationError")
    public record JobError(
            @Schema(example = "engine-error") String code,
            String message,

            @Schema(description = "Whether the same job, sent again later, can end differently")
            boolean retryable,

            @Schema(description = "The HTTP status of the vendor behind the engine") @Nullable
            Integer providerStatus,

            @Schema(description = "What that vendor calls the request")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            String providerRequestId,

            @Schema(description = "How many seconds the vendor wants to be left alone")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Long retryAfterSeconds) {

        /** The failure as the world may see it. */
        public static JobError of(Failure failure) {
            return new JobError(
                    failure.code().word(),
                    failure.message(),
                    failure.code().retryable(),
                    failure.providerStatus(),
                    failure.providerRequestId(),
                    failure.retryAfterSeconds());
        }
    }

    /** Why an attempt failed. */
    @Schema(name = "AttemptError")
    record AttemptError(String task, int attempt, Instant at, JobError error) {

        static AttemptError of(Job.AttemptFailure failed) {
            return new AttemptError(failed.task(), failed.attempt(), failed.at(), JobError.of(failed.failure()));
        }
    }

    /** Until when the job is wanted. */
    @Schema(name = "Deadline")
    record Deadline(@Nullable Instant startBy, @Nullable Instant completeBy) {}

    /** What the job cost, in seconds. */
    @Schema(name = "Usage")
    record Usage(
            @Schema(description = "How long engines took in all") @Nullable
            Double engineSeconds,

            @Schema(description = "How long it waited before it first ran") @Nullable
            Double queueSeconds,

            @Schema(description = "How long it took to better the prompt; left out if nobody was to")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Double enhanceSeconds) {

        static Usage of(Job job) {
            var started = job.startedAt();
            return new Usage(
                    job.engineMillis() == null ? null : job.engineMillis() / 1000.0,
                    started == null
                            ? null
                            : Math.max(
                                            0,
                                            Duration.between(job.createdAt(), started)
                                                    .toMillis())
                                    / 1000.0,
                    job.enhancement() == null ? null : job.enhancement().millis() / 1000.0);
        }
    }

    /** Where to go from here. */
    @Schema(name = "GenerationUrls")
    record Urls(
            String self,
            String images,

            @Schema(description = "What happens to it, as a stream")
            String events,

            @Schema(description = "The first picture") String image,
            @Nullable String grid) {

        static Urls of(Job job) {
            var id = job.id();
            return new Urls(
                    ApiPaths.job(id),
                    ApiPaths.images(id),
                    ApiPaths.events(id),
                    ApiPaths.image(id, 0),
                    job.request().grid() == null ? null : ApiPaths.grid(id, 0));
        }
    }
}
