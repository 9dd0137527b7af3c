package io.atelier.contract.work;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order for a splitter worker: cut these grids into tiles. Tiles are numbered on from one grid to the next, row by row.
 *
 * @param task names the task within its job
 * @param attempt the number of the first attempt under this order, from 1; a redelivery of the record counts up from it
 * @param maxAttempts the attempt after which the job is given up
 * @param notBefore the start of this attempt is put off until then, but no longer than its {@link BackOff}, the lease being held
 * @param grids at least one
 */
public record SplitRequested(
        JobId job,
        String task,
        int attempt,
        int maxAttempts,
        Instant at,
        @Nullable Instant notBefore,
        GridSpec spec,
        List<StoredImage> grids) {

    public SplitRequested {
        grids = List.copyOf(grids);
    }
}
