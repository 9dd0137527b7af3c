package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure.Code;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileDecoder;
import io.atelier.image.decode.ImageFileFormat;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngFormatException;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.task.Futures;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads grids from the store, within the limits on bytes and pixels, and only with the announced checksum. The size is taken from the header
 * before a pixel is decoded. Thread-safe.
 */
final class GridReader {

    private final ObjectStore store;
    private final SplitterProperties limits;
    private final ImageFileDecoder decoder;
    private final PngWriter png = new PngWriter();

    GridReader(ObjectStore store, SplitterProperties limits, DecodingBudget budget) {
        this.store = store;
        this.limits = limits;
        this.decoder = new ImageFileDecoder(budget, limits.mostPixels());
    }

    /**
     * Reads a grid and checks its checksum and its size. An image file of another format, which a client uploaded, is converted to PNG, and a
     * turned PNG becomes upright.
     *
     * @throws SplitFailed if the grid does not exist any more, is too large, is no image file, or has another checksum than announced
     * @throws io.atelier.storage.ObjectStoreFailed if the store cannot read it
     */
    GridFile read(StoredImage grid) throws InterruptedException {
        var bytes = fetchExisting(grid);
        if (!StoredObject.sha256Of(bytes).equals(grid.sha256())) {
            throw new SplitFailed(
                    Code.STORAGE_ERROR,
                    "The stored grid " + grid.key() + " has another checksum than the one it was announced with.",
                    null);
        }
        boolean isPng = ImageFileFormat.of(bytes)
                .map(format -> format == ImageFileFormat.PNG)
                .orElse(true);
        if (!isPng) {
            var image = decoded(grid, bytes);
            return file(
                    grid,
                    png.write(image, PngTextChunks.NONE),
                    GridOrigin.converted(image.credentials(), ImageFileDecoder.sourceType(bytes)));
        }
        var origin = origin(grid, bytes);
        return ImageFileDecoder.isUpright(bytes)
                ? file(grid, bytes, origin)
                : file(grid, png.write(decoded(grid, bytes), PngTextChunks.NONE), origin);
    }

    private GridOrigin origin(StoredImage grid, byte[] bytes) throws InterruptedException {
        var metadata = PngFileMetadata.read(bytes);
        Optional<StoredObject> object = GridOrigin.needsObject(metadata)
                ? Futures.await(store.find(new ObjectKey(grid.key())))
                : Optional.empty();
        return GridOrigin.of(metadata, object, grid);
    }

    private PngImage decoded(StoredImage grid, byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (ImageDecodingException e) {
            if (e.reason().isMemory()) {
                throw SplitFailed.noMemory("grid " + grid.key(), e);
            }
            throw new SplitFailed(
                    Code.REQUEST_REJECTED,
                    "The grid %s cannot be decoded: %s.".formatted(grid.key(), e.getMessage()),
                    e);
        }
    }

    private byte[] fetchExisting(StoredImage grid) throws InterruptedException {
        try {
            return fetch(grid);
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                throw new SplitFailed(
                        Code.SOURCE_UNAVAILABLE,
                        "The grid " + grid.key() + " does not exist any more: it was erased or has expired.",
                        e);
            }
            throw e;
        }
    }

    private byte[] fetch(StoredImage grid) throws InterruptedException {
        try (var content = Futures.await(store.open(new ObjectKey(grid.key()), null))) {
            if (content.length() > limits.largestGrid().toBytes()) {
                throw rejected(
                        grid,
                        "has " + content.length() + " bytes; "
                                + limits.largestGrid().toBytes() + " are allowed");
            }
            var bytes = content.stream().readNBytes((int) content.length());
            if (bytes.length < content.length()) {
                throw new IOException("it ended early");
            }
            return bytes;
        } catch (IOException e) {
            // The object exists, so a retry can help.
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    "The grid " + grid.key() + " could not be read: " + e.getMessage() + ".",
                    e);
        }
    }

    private GridFile file(StoredImage grid, byte[] bytes, GridOrigin origin) {
        try {
            var header = PngImage.header(bytes);
            long pixels = header.pixels();
            if (pixels > limits.mostPixels()) {
                throw rejected(grid, "has " + pixels + " pixels; " + limits.mostPixels() + " are allowed");
            }
            return new GridFile(grid, header, bytes, origin);
        } catch (PngFormatException e) {
            throw GridFile.undecodable(grid, e);
        }
    }

    private static SplitFailed rejected(StoredImage grid, String why) {
        return new SplitFailed(Code.REQUEST_REJECTED, "The grid " + grid.key() + " " + why + ".", null);
    }
}
