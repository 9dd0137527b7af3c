package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.image.StoredImage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The public state of a job: the value of the compacted topic {@code jobs} and the source of the HTTP representation.
 *
 * @param version number of state changes, from 1; also the sequence number of the events
 * @param stage detail of the status: {@code accepted}, {@code generating}, {@code splitting}, {@code done}, ...; more values may be added
 * @param createdAt when the job was accepted
 * @param startedAt when a worker started the first task; null before
 * @param completedAt when the job reached a terminal status; null before
 * @param attempt highest known attempt at the current task, from 1; of an avatar, the highest at any of its tasks
 * @param maxAttempts number of attempts after which a task fails
 * @param request request in its current form; after a fallback it names the fallback model
 * @param worker worker that runs the current task; null if none does
 * @param images images to deliver, numbered from 0: the tiles if a grid was cut, else the generated images
 * @param grids grids as generated; empty if the job has no grid
 * @param warnings notices for the client about the result
 * @param lastErrors failures of attempts, oldest first
 * @param error why the job ended without a result; null unless it did
 * @param engineMillis milliseconds that engines needed in total; null until known
 * @param cancel cancellation request and its outcome; null if there was no request
 * @param expiresAt when images and texts will be erased; null if no retention is set or the job has not ended
 * @param erasure when and why images and texts were erased; null if they were not
 * @param history one step for each version, oldest first
 * @param enhancement result of the prompt rewrite; null until known, or if none was requested
 * @param providerCalls number of calls by which all attempts asked providers for images, as far as workers reported them; null if no call was
 *     reported
 * @param providerUsage what providers say they used in all attempts, as far as workers reported it; null if none said anything
 * @param base base image of an avatar; null if the job has none, or none yet
 * @param prompts prompts that tasks wrote for an avatar, in the order of their index; empty if the job has none
 * @param stages stages of an avatar in the order of the work; empty for all other jobs
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Job(
        JobId id,
        int version,
        JobStatus status,
        String stage,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        int attempt,
        int maxAttempts,
        GenerationRequest request,
        @Nullable Worker worker,
        List<StoredImage> images,
        List<StoredImage> grids,
        List<Warning> warnings,
        List<AttemptFailure> lastErrors,
        @Nullable Failure error,
        @Nullable Long engineMillis,
        @Nullable Cancel cancel,
        @Nullable Instant expiresAt,
        @Nullable Erasure erasure,
        List<Step> history,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Enhancement enhancement,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer providerCalls,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ProviderUsage providerUsage,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable StoredImage base,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoredPrompt> prompts,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Stage> stages) {

    public Job {
        images = List.copyOf(images);
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        lastErrors = List.copyOf(lastErrors);
        // Records of schema 1.0 have no history.
        history = history == null ? List.of() : List.copyOf(history);
        // JSON omits these members if they are empty.
        prompts = prompts == null ? List.of() : List.copyOf(prompts);
        stages = stages == null ? List.of() : List.copyOf(stages);
    }

    /**
     * A notice about a result that is usable but not exactly what was requested.
     *
     * @param code stable code for programs, such as {@code tile-rejected}
     * @param message explanation for people
     * @param tile index of the tile that the warning is about; null if it is about none
     */
    public record Warning(
            String code, String message, @Nullable Integer tile) {}

    /**
     * The result of a prompt rewrite.
     *
     * @param by name of the language model that rewrote the prompt; {@link #NONE} if the prompt was used unchanged
     * @param prompt rewritten prompt; null if the client's own prompt was used
     * @param millis duration of the rewrite in milliseconds
     */
    public record Enhancement(String by, @Nullable String prompt, long millis) {

        /** The value of {@code by} if no language model rewrote the prompt. */
        public static final String NONE = "none";

        /** The same result without the prompt. */
        public Enhancement redacted() {
            return new Enhancement(by, null, millis);
        }
    }

    /**
     * The failure of one attempt at a task.
     *
     * @param providerCalls number of calls by which the attempt asked a provider for images; null if it made none
     * @param providerUsage what the provider says it used in the attempt; null if it said nothing
     */
    public record AttemptFailure(
            String task,
            int attempt,
            Instant at,
            Failure failure,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer providerCalls,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ProviderUsage providerUsage) {

        /** The failure of an attempt without calls of a provider. */
        public AttemptFailure(String task, int attempt, Instant at, Failure failure) {
            this(task, attempt, at, failure, null);
        }

        /** The failure of an attempt whose provider said nothing of its usage. */
        public AttemptFailure(String task, int attempt, Instant at, Failure failure, @Nullable Integer providerCalls) {
            this(task, attempt, at, failure, providerCalls, null);
        }
    }

    /**
     * A summary of one version of the job.
     *
     * @param type CloudEvents type of the event of this version, such as {@code io.atelier.generation.started.v1}
     */
    public record Step(int version, String type, JobStatus status, String stage, Instant at, int attempt) {}

    /**
     * A stage of an avatar: one task, or several that may run at the same time.
     *
     * @param stage name of the stage, a value of {@link Job#stage}
     * @param startedAt when a worker started the first task of the stage; null before
     * @param completedAt when the last task of the stage was done; null before
     * @param done number of tasks that are done
     * @param total number of tasks
     */
    public record Stage(
            String stage,
            @Nullable Instant startedAt,
            @Nullable Instant completedAt,
            int done,
            int total) {}

    /**
     * A cancellation request and its outcome.
     *
     * @param by source of the request
     * @param reason text of the client; null if it gave none
     * @param outcome null until known
     * @param freedAfterMillis milliseconds until the device was idle; null if no worker held the task, or if it is not known
     * @param freedBy what stopped the worker, see {@link JobEvent.TaskCanceled}; null if no worker held the task
     */
    public record Cancel(
            Instant requestedAt,
            CanceledBy by,
            @Nullable String reason,
            @Nullable Outcome outcome,
            @Nullable Long freedAfterMillis,
            @Nullable String freedBy) {}

    /** The outcome of a cancellation request. */
    public enum Outcome {
        /** No worker held the task. */
        DEQUEUED,
        /** A worker held the task, and its device is idle again. */
        FREED,
        /** The job had already ended. */
        TOO_LATE,
        /** A worker held the task and did not confirm in time that it stopped. The job has ended; whether the device is idle is unknown. */
        UNCONFIRMED;

        /** The JSON value: the name in lower case. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The erasure of a job's images and texts.
     *
     * @param retentionEnded true if the retention period ended; false if a client requested the erasure
     */
    public record Erasure(Instant at, boolean retentionEnded) {}
}
