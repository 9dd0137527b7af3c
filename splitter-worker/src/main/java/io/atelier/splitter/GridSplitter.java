package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import java.util.Optional;

/**
 * Splits the grids of a task into tiles: fetches a grid that is at an address, reads it, cuts it, stores the tiles; reported tiles can always be fetched. The same grids give
 * the same tiles, and tiles that an earlier delivery stored are found. Waits for a store that is down. Thread-safe.
 */
final class GridSplitter implements TaskLogic<SplitRequested> {

    private final Worker worker;
    private final GridDownload downloads;
    private final GridReader grids;
    private final TileRepository tiles;
    private final StoreRetry storeRetry;
    private final DecodingBudget budget;

    GridSplitter(
            Worker worker,
            GridDownload downloads,
            GridReader grids,
            TileRepository tiles,
            StoreRetry storeRetry,
            DecodingBudget budget) {
        this.worker = worker;
        this.downloads = downloads;
        this.grids = grids;
        this.tiles = tiles;
        this.storeRetry = storeRetry;
        this.budget = budget;
    }

    @Override
    public TaskAttempt attempt(Lease<SplitRequested> lease) {
        var task = lease.task();
        var spec = task.spec();
        int grids = task.imageUrl() == null ? task.grids().size() : 1;
        var description = "%d grids of %d x %d".formatted(grids, spec.rows(), spec.cols());
        return new TaskAttempt(task.job(), task.task(), lease.attempt(), worker, description);
    }

    /** Splits grid by grid, so that only one is decoded at a time. A grid that cannot be split does not prevent that others are. */
    @Override
    public TaskOutput run(SplitRequested requested, TaskContext context) throws InterruptedException {
        var task = downloads.fetched(requested, context);
        var report = new SplitReport(task);
        var found = storeRetry.call(() -> tiles.find(task), context::waitForStore);
        if (found.isPresent()) {
            found.get().forEach(report::add);
            return report.output();
        }
        int failed = 0;
        int count = task.grids().size();
        for (int number = 0; number < count; number++) {
            context.checkpoint();
            try {
                report.add(split(task, number, context));
            } catch (SplitFailed e) {
                if (e.failure().code().isTransient() || ++failed == count) {
                    throw e;
                }
                report.addUnsplit(number, e.failure());
            }
            context.progress("split", number + 1, count);
        }
        return report.output();
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        if (thrown instanceof SplitFailed failed) {
            return Optional.of(failed.failure());
        }
        if (thrown instanceof ObjectStoreFailed store) {
            var message = "The object store could not read the grid or store the tiles: " + store.publicMessage();
            return Optional.of(new Failure(Code.STORAGE_ERROR, message));
        }
        return Optional.empty();
    }

    private SplitGrid split(SplitRequested task, int number, TaskContext context) throws InterruptedException {
        StoredImage announced = task.grids().get(number);
        var file = storeRetry.call(() -> grids.read(announced), context::waitForStore);
        try {
            var cut = budget.reserving(file.memory(task.jpeg() != null), () -> GridCut.of(file, number, task, tiles));
            var kept = storeRetry.call(() -> tiles.keepGrid(task, number, file), context::waitForStore);
            var stored = storeRetry.call(() -> tiles.storeAll(cut.pending()), context::waitForStore);
            return new SplitGrid(number, kept, cut.cuts(), stored, cut.rejected());
        } catch (ImageDecodingException e) {
            throw SplitFailed.noMemory("grid " + announced.key(), e);
        }
    }
}
