package io.atelier.contract.work;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.TaskRequest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task for a splitter worker: cut grids into tiles. Tiles are numbered from 0 across all grids, row by row.
 *
 * @param task name of the task within its job
 * @param attempt number of the attempt for the first delivery of this record, from 1; each redelivery adds one
 * @param maxAttempts number of the last attempt
 * @param at when the lifecycle requested the task
 * @param notBefore earliest start of the attempt; null for at once. The worker holds the lease while it waits, and waits no longer than the
 *     {@link BackOff} of the attempt
 * @param spec layout of each grid
 * @param grids at least one, or none if the grid is at an address; a grid that is not in the folder of the job is copied there
 * @param jpeg how the tiles are delivered as JPEG; null to deliver them as PNG
 * @param imageUrl {@code https} URL of the only grid, not trusted; null if the grids are stored
 */
public record SplitRequested(
        JobId job,
        String task,
        int attempt,
        int maxAttempts,
        Instant at,
        @Nullable Instant notBefore,
        GridSpec spec,
        List<StoredImage> grids,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JpegEncoding jpeg,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String imageUrl)
        implements TaskRequest {

    public SplitRequested {
        grids = List.copyOf(grids);
    }

    /** A task for stored grids. */
    public SplitRequested(
            JobId job,
            String task,
            int attempt,
            int maxAttempts,
            Instant at,
            @Nullable Instant notBefore,
            GridSpec spec,
            List<StoredImage> grids,
            @Nullable JpegEncoding jpeg) {
        this(job, task, attempt, maxAttempts, at, notBefore, spec, grids, jpeg, null);
    }

    /** A task for stored grids whose tiles are delivered as PNG. */
    public SplitRequested(
            JobId job,
            String task,
            int attempt,
            int maxAttempts,
            Instant at,
            @Nullable Instant notBefore,
            GridSpec spec,
            List<StoredImage> grids) {
        this(job, task, attempt, maxAttempts, at, notBefore, spec, grids, null);
    }

    /** The same task with stored grids in place of an address. */
    public SplitRequested withGrids(List<StoredImage> stored) {
        return new SplitRequested(job, task, attempt, maxAttempts, at, notBefore, spec, stored, jpeg, null);
    }
}
