package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure.Code;
import io.atelier.image.jpeg.JpegWriter;
import io.atelier.image.png.PngFormatException;
import io.atelier.image.png.PngHeader;
import io.atelier.image.png.PngRaster;

/** A grid as it was read from the store: a file with the announced checksum and a size within the limits, not yet decoded. */
final class GridFile {

    private final StoredImage grid;
    private final PngHeader header;
    private final byte[] bytes;
    private final GridOrigin origin;

    GridFile(StoredImage grid, PngHeader header, byte[] bytes, GridOrigin origin) {
        this.grid = grid;
        this.header = header;
        this.bytes = bytes;
        this.origin = origin;
    }

    /**
     * What decoding and cutting it needs at most, in bytes: the file, the samples, and the compressed tiles and files of tiles.
     *
     * @param withJpegs whether tiles are also written as JPEG
     */
    long memory(boolean withJpegs) {
        long tiles = header.readingBytes(bytes.length) + 3 * header.sampleBytes();
        return withJpegs ? tiles + header.sampleBytes() + JpegWriter.memory(header) : tiles;
    }

    /** The bytes of the file, which must not be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** What it says about where it comes from. */
    GridOrigin origin() {
        return origin;
    }

    PngHeader header() {
        return header;
    }

    /**
     * Decodes it.
     *
     * @param progress receives its rows; what it made of them must be thrown away if this fails
     * @throws SplitFailed if it is not a complete and valid PNG
     */
    PngRaster decode(PngRaster.Progress progress) {
        try {
            return PngRaster.read(bytes, progress);
        } catch (PngFormatException e) {
            throw undecodable(grid, e);
        }
    }

    static SplitFailed undecodable(StoredImage grid, PngFormatException cause) {
        return new SplitFailed(
                Code.REQUEST_REJECTED,
                "The grid %s is not a PNG that can be decoded: %s.".formatted(grid.key(), cause.getMessage()),
                cause);
    }
}
