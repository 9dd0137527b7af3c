package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.work.SplitRequested;
import io.atelier.image.jpeg.JpegWriter;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.TaskImageRepository;
import io.atelier.worker.store.TaskImageRepository.PendingImage;
import io.atelier.worker.task.Futures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stores the tiles of a task, and copies of grids that belong to another job or to none; finds them again when the task is redelivered.
 * Thread-safe.
 */
final class TileRepository {

    private final ObjectStore store;
    private final TaskImageRepository images;
    private final PngWriter png = new PngWriter();
    private final boolean marksImages;
    private final JpegWriter jpeg = new JpegWriter();

    /** @param marksImages whether tiles of generated grids say that they are generated, see {@code WorkerProperties} */
    TileRepository(ObjectStore store, boolean marksImages) {
        this.store = store;
        this.marksImages = marksImages;
        this.images = new TaskImageRepository(store);
    }

    /**
     * Finds the tiles of an earlier delivery of the task. Empty unless there is a tile for every cell, and a copy of every grid that needs one.
     *
     * @throws io.atelier.storage.ObjectStoreFailed if the store cannot be searched
     */
    Optional<List<SplitGrid>> find(SplitRequested task) throws InterruptedException {
        int tiles = task.spec().tiles();
        var found = images.findAll(
                task.job(), task.task(), task.attempt(), tiles * task.grids().size(), task.jpeg());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var grids = new ArrayList<SplitGrid>();
        for (int number = 0; number < task.grids().size(); number++) {
            var grid = findGrid(task, number);
            if (grid.isEmpty()) {
                return Optional.empty();
            }
            var stored = found.get().subList(number * tiles, (number + 1) * tiles);
            var cuts = GridTile.of(stored.get(0)).cuts();
            grids.add(new SplitGrid(number, grid.get(), cuts, stored, List.of()));
        }
        return Optional.of(grids);
    }

    private Optional<StoredImage> findGrid(SplitRequested task, int number) throws InterruptedException {
        if (!needsCopy(task, number)) {
            return Optional.of(task.grids().get(number));
        }
        return Futures.await(store.find(copyKey(task, number)))
                .map(object -> TaskImageRepository.describe(number, object, null));
    }

    /**
     * Encodes a tile as PNG, and also as JPEG if it is delivered so. Its key has the number of its cell, whichever other tiles are left out.
     *
     * @param pixels with the samples of the grid
     * @param origin where the grid comes from; the tile says the same
     */
    PendingImage encode(SplitRequested task, GridTile tile, PngImage pixels, GridOrigin origin) {
        var key = TaskImageRepository.key(task.job(), task.task(), task.attempt(), tile.cell(task.spec()));
        var seed = task.grids().get(tile.grid()).seed();
        var provenance = origin.tileProvenance(marksImages);
        var metadata = tile.metadata(seed, provenance);
        TaskImageRepository.putSourceType(metadata, origin.source());
        var text = origin.tileText(marksImages);
        var encoded = new PendingImage(key, png.write(pixels, text), metadata);
        var delivery = task.jpeg();
        return delivery == null
                ? encoded
                : encoded.withJpeg(jpeg.write(pixels.raster(), delivery.quality(), text), provenance);
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
     * The grid in the folder of the job: the grid itself, or else a copy of it, byte by byte, which this stores. So the job keeps its grid when
     * the other one is erased. Safe to repeat.
     *
     * @throws io.atelier.storage.ObjectStoreFailed if the store did not take the copy
     */
    StoredImage keepGrid(SplitRequested task, int number, GridFile file) throws InterruptedException {
        if (!needsCopy(task, number)) {
            return task.grids().get(number);
        }
        var metadata = TaskImageRepository.metadata(
                StoredImage.Kind.GRID,
                file.header().width(),
                file.header().height(),
                task.grids().get(number).seed(),
                file.origin().provenance());
        metadata.putAll(file.origin().copyMetadata());
        var copy = new PendingImage(copyKey(task, number), file.bytes(), metadata);
        return TaskImageRepository.describe(number, storeAll(List.of(copy)).get(0), null);
    }

    /** Whether a grid is not in the folder of the task's job. */
    static boolean needsCopy(SplitRequested task, int number) {
        return !task.grids().get(number).key().startsWith(JobFolder.of(task.job()));
    }

    private static ObjectKey copyKey(SplitRequested task, int number) {
        return new ObjectKey(JobFolder.grid(task.job(), task.task(), task.attempt(), number));
    }
}
