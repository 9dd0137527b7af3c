package io.atelier.splitter;

import io.atelier.contract.job.Job;
import io.atelier.contract.work.SplitRequested;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.TaskImageRepository;
import io.atelier.worker.store.TaskImageRepository.PendingImage;
import io.atelier.worker.task.TaskOutput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Stores the tiles of a task, and finds them again when the task is redelivered. Thread-safe. */
final class TileRepository {

    private final TaskImageRepository images;

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
     * Encodes a tile as PNG.
     *
     * @param index its number among the tiles that are stored, from 0
     */
    PendingImage encode(SplitRequested task, int index, GridTile tile, BufferedImage pixels) {
        var key = TaskImageRepository.key(task.job(), task.task(), task.attempt(), index);
        return new PendingImage(key, png(pixels), tile.metadata());
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
     * Numbers the tiles of a task and collects the warnings.
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
        var stored = IntStream.range(0, objects.size())
                .mapToObj(index -> GridTile.describe(index, objects.get(index)))
                .toList();
        return new TaskOutput(stored, warnings, null);
    }

    private static byte[] png(BufferedImage pixels) {
        var bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(pixels, "png", bytes)) {
                throw new IllegalStateException("The pixels cannot be encoded as PNG: " + pixels);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
