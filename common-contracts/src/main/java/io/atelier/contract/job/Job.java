package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.image.StoredImage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the world may know of a job: the value of the compacted topic {@code jobs} and the source of the HTTP object.
 *
 * @param version rises by one with each change of state, from 1; the sequence number of the events
 * @param stage what is going on, in a word of an open set: accepted, generating, splitting, done, ...
 * @param attempt the highest attempt seen of the task under way, from 1
 * @param images the deliverables, numbered from 0: tiles if a grid was cut, else the pictures
 * @param grids the untouched grids; empty if the job is no grid
 * @param lastErrors why attempts failed, oldest first
 * @param error why the job failed; null unless it did
 * @param engineMillis how long engines took in all; null until known
 * @param cancel what became of the wish to cancel it; null if nobody had one
 * @param expiresAt when its pictures and words are erased; null if that is not foreseen
 * @param erasure that they were erased; null if they were not
 * @param history how it came to stand where it stands: one step for each version, the first one first
 * @param enhancement what came of the wish to better the prompt; null until known, or if there was none
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

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Enhancement enhancement) {

    public Job {
        images = List.copyOf(images);
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        lastErrors = List.copyOf(lastErrors);
        // Jobs of the first version of Atelier have none.
        history = history == null ? List.of() : List.copyOf(history);
    }

    /**
     * Something a person should know of a job that did not fail for it.
     *
     * @param code a word to test for, such as {@code tile-rejected}
     * @param tile the tile it speaks of; null if it speaks of none
     */
    public record Warning(
            String code, String message, @Nullable Integer tile) {}

    /**
     * What came of the wish to better the prompt.
     *
     * @param by who bettered it, such as the name of a language model; {@link #NOBODY} if it was drawn as it is
     * @param prompt what was drawn; null if it was the client's own
     * @param millis how long that took
     */
    public record Enhancement(String by, @Nullable String prompt, long millis) {

        public static final String NOBODY = "none";

        /** Without words. */
        public Enhancement redacted() {
            return new Enhancement(by, null, millis);
        }
    }

    /** Why an attempt at a task failed. */
    public record AttemptFailure(String task, int attempt, Instant at, Failure failure) {}

    /**
     * A version of the job, in short.
     *
     * @param type of the event that announced it, such as {@code io.atelier.generation.started.v1}
     */
    public record Step(int version, String type, JobStatus status, String stage, Instant at, int attempt) {}

    /**
     * The wish to end a job early, and what came of it.
     *
     * @param reason in the words of whoever asked; null if nothing was said
     * @param outcome null until it is known
     * @param freedAfterMillis how long the worker took to get its device idle; null if there was none to free, or it is not known
     * @param freedBy what made the worker stop, see {@link JobEvent.TaskCanceled}; null if no worker had the job
     */
    public record Cancel(
            Instant requestedAt,
            JobEvent.CanceledBy by,
            @Nullable String reason,
            @Nullable Outcome outcome,
            @Nullable Long freedAfterMillis,
            @Nullable String freedBy) {}

    /** What came of the wish to end a job early. */
    public enum Outcome {
        /** No worker had it. */
        DEQUEUED,
        /** A worker had it, and its device is idle again. */
        FREED,
        /** The job had ended before. */
        TOO_LATE,
        /** A worker had it and did not say in time that it stopped. The job is over; whether the device is idle is not known. */
        UNCONFIRMED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * That the pictures and the client's words are gone.
     *
     * @param retentionEnded whether the time was up for which they were to be kept; false if a client asked
     */
    public record Erasure(Instant at, boolean retentionEnded) {}
}
