package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import java.time.Instant;
import java.util.List;
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
        @Nullable Long engineMillis) {

    public Job {
        images = List.copyOf(images);
        grids = List.copyOf(grids);
        warnings = List.copyOf(warnings);
        lastErrors = List.copyOf(lastErrors);
    }

    /**
     * Something a person should know of a job that did not fail for it.
     *
     * @param code a word to test for, such as {@code tile-rejected}
     * @param tile the tile it speaks of; null if it speaks of none
     */
    public record Warning(
            String code, String message, @Nullable Integer tile) {}

    /** Why an attempt at a task failed. */
    public record AttemptFailure(String task, int attempt, Instant at, Failure failure) {}
}
