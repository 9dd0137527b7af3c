package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.splitter.grid.Grid;
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
 * Cuts the grids of one order into tiles: grid, tiles, store, in this order, so that a tile that is announced can always be fetched. The
 * same grids give the same tiles, and what lies in the store already is found. A store that is down is waited for.
 */
final class GridSplitter implements TaskLogic<SplitRequested> {

    private final Worker worker;
    private final GridReader grids;
    private final TileRepository album;
    private final StoreRetry patience;

    GridSplitter(Worker worker, GridReader grids, TileRepository album, StoreRetry patience) {
        this.worker = worker;
        this.grids = grids;
        this.album = album;
        this.patience = patience;
    }

    @Override
    public TaskAttempt attempt(Lease<SplitRequested> lease) {
        var order = lease.order();
        var spec = order.spec();
        var words = "%d grids of %d x %d".formatted(order.grids().size(), spec.rows(), spec.cols());
        return new TaskAttempt(order.job(), order.task(), lease.attempt(), worker, words);
    }

    /** Grid by grid, so that only one is decoded at a time. */
    @Override
    public TaskOutput make(SplitRequested order, TaskContext run) throws InterruptedException {
        var found = patience.insist(() -> album.find(order), run::waitForStore);
        if (found.isPresent()) {
            return found.get();
        }
        var cuttings = new Cuttings(new ArrayList<>(), new ArrayList<>());
        for (int number = 0; number < order.grids().size(); number++) {
            run.checkpoint();
            split(order, number, run, cuttings);
            run.progress("split", number + 1, order.grids().size());
        }
        return album.made(order, cuttings.stored, cuttings.rejected);
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        if (thrown instanceof SplitFailed failed) {
            return Optional.of(failed.failure());
        }
        if (thrown instanceof ObjectStoreFailed store) {
            var message = "The object store did not give the grid or keep the tiles: " + store.outline();
            return Optional.of(new Failure(Code.STORAGE_ERROR, message));
        }
        return Optional.empty();
    }

    private void split(SplitRequested order, int number, TaskContext run, Cuttings cuttings)
            throws InterruptedException {
        StoredImage announced = order.grids().get(number);
        var grid = new Grid(patience.insist(() -> grids.read(announced), run::waitForStore));
        List<TileRepository.Page> pages = new ArrayList<>();
        for (var tile : grid.split(order.spec())) {
            var cut = new GridTile(number, tile);
            if (tile.usable()) {
                pages.add(album.page(order, cuttings.stored.size() + pages.size(), cut, grid.pixels(tile)));
            } else {
                cuttings.rejected.add(cut);
            }
        }
        cuttings.stored.addAll(patience.insist(() -> album.keep(pages), run::waitForStore));
    }

    /** What the grids so far gave. */
    private record Cuttings(List<StoredObject> stored, List<GridTile> rejected) {}
}
