package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure.Code;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.task.Futures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Reads grids from the store and decodes them, within the limits on bytes and pixels, and only with the announced checksum. The size is
 * taken from the header of the PNG before a pixel is decoded. Thread-safe.
 */
final class GridReader {

    private final ObjectStore store;
    private final SplitterProperties limits;

    GridReader(ObjectStore store, SplitterProperties limits) {
        this.store = store;
        this.limits = limits;
    }

    /**
     * Reads the pixels of a grid.
     *
     * @throws SplitFailed if the grid is too large, is not a PNG, or has another checksum than announced
     * @throws io.atelier.storage.ObjectStoreFailed if the store cannot read it
     */
    BufferedImage read(StoredImage grid) throws InterruptedException {
        var bytes = fetch(grid);
        if (!StoredObject.sha256Of(bytes).equals(grid.sha256())) {
            throw new SplitFailed(
                    Code.STORAGE_ERROR,
                    "The stored grid " + grid.key() + " has another checksum than the one it was announced with.",
                    null);
        }
        return decode(grid, bytes);
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

    private BufferedImage decode(StoredImage grid, byte[] bytes) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(input, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > limits.mostPixels()) {
                throw rejected(grid, "has " + pixels + " pixels; " + limits.mostPixels() + " are allowed");
            }
            return reader.read(0);
        } catch (SplitFailed e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's reader throws undocumented exceptions for some broken files.
            throw new SplitFailed(
                    Code.REQUEST_REJECTED, "The grid " + grid.key() + " is not a PNG that can be decoded.", e);
        } finally {
            reader.dispose();
        }
    }

    private static SplitFailed rejected(StoredImage grid, String why) {
        return new SplitFailed(Code.REQUEST_REJECTED, "The grid " + grid.key() + " " + why + ".", null);
    }
}
