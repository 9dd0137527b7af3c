package io.atelier.splitter;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure.Code;
import io.atelier.image.png.PngFormatException;
import io.atelier.image.png.PngHeader;
import io.atelier.image.png.PngRaster;

/** A grid as it was read from the store: a file with the announced checksum and a size within the limits, not yet decoded. */
final class GridFile {

    private static final int BYTES_OF_COLOUR = 4;

    private final StoredImage grid;
    private final PngHeader header;
    private final byte[] bytes;

    GridFile(StoredImage grid, PngHeader header, byte[] bytes) {
        this.grid = grid;
        this.header = header;
        this.bytes = bytes;
    }

    /** What decoding and cutting it needs at most, in bytes: the samples, a copy for looking at, the compressed tiles, and what reading needs. */
    long memory() {
        return header.readingBytes(bytes.length) + 2 * header.sampleBytes() + BYTES_OF_COLOUR * header.pixels();
    }

    /** The bytes of the file, which must not be changed. */
    byte[] bytes() {
        return bytes;
    }

    PngHeader header() {
        return header;
    }

    /** @throws SplitFailed if it is not a complete and valid PNG */
    PngRaster decode() {
        try {
            return PngRaster.read(bytes);
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
