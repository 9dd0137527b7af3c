package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.TaskImageRepository;
import io.atelier.worker.store.TaskImageRepository.PendingImage;
import io.atelier.worker.task.TaskOutput;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores the tiles of a task, and finds them again when the task is redelivered. Thread-safe. */
final class TileRepository {

    private final TaskImageRepository images;
    private final PngWriter png = new PngWriter();

    TileRepository(ObjectStore store) {
        this.images = new TaskImageRepository(store);
    }

    /**
     * Finds the tiles of an earlier delivery of the task. Empty unless there is a tile for every cell.
     *
     * @throws io.atelier.storage.ObjectStoreFailed if the store cannot be searched
     */
    Optional<TaskOutput> find(SplitRequested task) throws InterruptedException {
        int cells = task.spec().tiles() * task.grids().size();
        return images.findAll(task.job(), task.task(), task.attempt(), cells)
                .map(found -> output(task, found, List.of()));
    }

    /**
     * Encodes a tile as PNG. Its key has the number of its cell, whichever other tiles are left out.
     *
     * @param pixels with the samples of the grid
     */
    PendingImage encode(SplitRequested task, GridTile tile, PngImage pixels) {
        var key = TaskImageRepository.key(task.job(), task.task(), task.attempt(), tile.cell(task.spec()));
        return new PendingImage(key, png.write(pixels, new PngTextChunks(Map.of())), tile.metadata());
    }

    /**
     * Stores tiles. Safe to repeat.
     *
     * @throws io.atelier.storage.ObjectStoreFailed if the store did not take all of them
     */
    List<StoredObject> storeAll(List<PendingImage> tiles) throws InterruptedException {
        return images.storeAll(tiles);
    }

    /**
     * Describes the tiles of a task, each with the number of its cell, and collects the warnings. A tile that was left out leaves a gap.
     *
     * @param rejected the tiles that were cut and not stored
     */
    TaskOutput output(SplitRequested task, List<StoredObject> objects, List<GridTile> rejected) {
        var spec = task.spec();
        if (objects.isEmpty()) {
            var message = "None of the %d tiles has %d pixels on each side. The grid is delivered as it is.";
            var warning = new Job.Warning("no-tiles", message.formatted(rejected.size(), spec.minTilePixels()), null);
            return new TaskOutput(List.of(), List.of(warning), null);
        }
        var warnings = Stream.concat(objects.stream().map(GridTile::of), rejected.stream())
                .sorted(Comparator.comparing(tile -> tile.cell(spec)))
                .flatMap(tile -> tile.warnings(spec).stream())
                .toList();
        var stored = objects.stream()
                .map(object -> GridTile.describe(object, spec))
                .sorted(Comparator.comparing(StoredImage::index))
                .toList();
        return new TaskOutput(stored, warnings, null);
    }
}
