package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.work.SplitRequested;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StoredObject;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskOutput;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Keeps the tiles of an order in the store, and finds them again when the order is handed out once more. Where another worker was first,
 * its tile is the one that counts.
 */
final class TileRepository {

    private static final String PNG = "image/png";

    private final ObjectStore store;

    TileRepository(ObjectStore store) {
        this.store = store;
    }

    /**
     * What an earlier delivery of the order left; empty unless every cell has its tile there. The last one is looked for first, as most
     * orders are new and lack it.
     *
     * @throws io.atelier.storage.ObjectStoreFailed if the store cannot tell
     */
    Optional<TaskOutput> find(SplitRequested order) throws InterruptedException {
        int cells = order.spec().tiles() * order.grids().size();
        if (Futures.await(store.find(key(order, cells - 1))).isEmpty()) {
            return Optional.empty();
        }
        var searches = IntStream.range(0, cells)
                .mapToObj(index -> store.find(key(order, index)))
                .toList();
        var found = new ArrayList<StoredObject>();
        for (var search : searches) {
            Futures.await(search).ifPresent(found::add);
        }
        return found.size() == cells ? Optional.of(made(order, found, List.of())) : Optional.empty();
    }

    /**
     * A tile as it is to be stored.
     *
     * @param index its number among the tiles that are kept, from 0
     */
    Page page(SplitRequested order, int index, GridTile tile, BufferedImage pixels) {
        return new Page(key(order, index), png(pixels), tile.notes());
    }

    /**
     * Stores tiles. Safe to repeat.
     *
     * @throws io.atelier.storage.ObjectStoreFailed if the store did not take them all
     */
    List<StoredObject> keep(List<Page> pages) throws InterruptedException {
        var writes = pages.stream()
                .map(page -> store.put(page.key, page.bytes, PNG, page.notes))
                .toList();
        var stored = new ArrayList<StoredObject>();
        for (var write : writes) {
            stored.add(Futures.await(write));
        }
        return stored;
    }

    /**
     * Numbers the tiles of an order and gathers the warnings.
     *
     * @param rejected what was cut and not kept
     */
    TaskOutput made(SplitRequested order, List<StoredObject> objects, List<GridTile> rejected) {
        var spec = order.spec();
        if (objects.isEmpty()) {
            var message = "None of the %d tiles has %d pixels on each side. The grid is delivered as it is.";
            var warning = new Job.Warning("no-tiles", message.formatted(rejected.size(), spec.minTilePixels()), null);
            return new TaskOutput(List.of(), List.of(warning), null);
        }
        var warnings = Stream.concat(objects.stream().map(GridTile::in), rejected.stream())
                .sorted(Comparator.comparing(tile -> tile.cell(spec)))
                .flatMap(tile -> tile.warnings(spec).stream())
                .toList();
        var images = IntStream.range(0, objects.size())
                .mapToObj(index -> image(index, objects.get(index)))
                .toList();
        return new TaskOutput(images, warnings, null);
    }

    private static ObjectKey key(SplitRequested order, int index) {
        return new ObjectKey(JobFolder.image(order.job(), order.task(), order.attempt(), index));
    }

    private static StoredImage image(int index, StoredObject object) {
        var tile = GridTile.in(object).tile();
        return new StoredImage(
                index,
                StoredImage.Kind.TILE,
                object.key().value(),
                object.sha256(),
                object.bytes(),
                object.mediaType(),
                tile.box().width(),
                tile.box().height(),
                null,
                new StoredImage.Tile(tile.row(), tile.col(), tile.confidence()));
    }

    private static byte[] png(BufferedImage pixels) {
        var bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(pixels, "png", bytes)) {
                throw new IllegalStateException("No PNG can be made of " + pixels);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A tile's file, where it is to lie, and what lies with it. */
    static final class Page {

        private final ObjectKey key;
        private final byte[] bytes;
        private final Map<String, String> notes;

        private Page(ObjectKey key, byte[] bytes, Map<String, String> notes) {
            this.key = key;
            this.bytes = bytes;
            this.notes = notes;
        }
    }
}
