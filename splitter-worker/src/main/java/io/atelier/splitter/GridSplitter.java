package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Splits the grids of a task into tiles: reads a grid, cuts it, stores the tiles; reported tiles can always be fetched. The same grids give
 * the same tiles, and tiles that an earlier delivery stored are found. Waits for a store that is down. Thread-safe.
 */
final class GridSplitter implements TaskLogic<SplitRequested> {

    private final Worker worker;
    private final GridReader grids;
    private final TileRepository tiles;
    private final StoreRetry storeRetry;
    private final DecodingBudget budget;

    GridSplitter(Worker worker, GridReader grids, TileRepository tiles, StoreRetry storeRetry, DecodingBudget budget) {
        this.worker = worker;
        this.grids = grids;
        this.tiles = tiles;
        this.storeRetry = storeRetry;
        this.budget = budget;
    }

    @Override
    public TaskAttempt attempt(Lease<SplitRequested> lease) {
        var task = lease.task();
        var spec = task.spec();
        var description = "%d grids of %d x %d".formatted(task.grids().size(), spec.rows(), spec.cols());
        return new TaskAttempt(task.job(), task.task(), lease.attempt(), worker, description);
    }

    /** Splits grid by grid, so that only one is decoded at a time. */
    @Override
    public TaskOutput run(SplitRequested task, TaskContext context) throws InterruptedException {
        var found = storeRetry.call(() -> tiles.find(task), context::waitForStore);
        if (found.isPresent()) {
            return found.get();
        }
        var result = new SplitTiles(new ArrayList<>(), new ArrayList<>());
        for (int number = 0; number < task.grids().size(); number++) {
            context.checkpoint();
            split(task, number, context, result);
            context.progress("split", number + 1, task.grids().size());
        }
        return tiles.output(task, result.stored, result.rejected);
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

    private void split(SplitRequested task, int number, TaskContext context, SplitTiles all)
            throws InterruptedException {
        StoredImage announced = task.grids().get(number);
        var file = storeRetry.call(() -> grids.read(announced), context::waitForStore);
        try {
            var cut = budget.reserving(file.memory(), () -> GridCut.of(file, number, task, tiles));
            all.rejected.addAll(cut.rejected());
            all.stored.addAll(storeRetry.call(() -> tiles.storeAll(cut.pending()), context::waitForStore));
        } catch (ImageDecodingException e) {
            throw SplitFailed.noMemory(announced, e);
        }
    }

    /** The tiles of the grids that were split so far. */
    private record SplitTiles(List<StoredObject> stored, List<GridTile> rejected) {}
}
