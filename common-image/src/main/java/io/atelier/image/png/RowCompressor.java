package io.atelier.image.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Filters and compresses the rows of an image. Images that consist of few repeated patterns, such as drawings with flat colours, get the
 * compressor that searches for these; it is slow on photos and finds nothing there.
 */
final class RowCompressor {

    /** An image that is smaller than its samples by this factor without a search for patterns gets the search as well. */
    private static final int FLAT = 4;

    /** A smaller stream is not searched for patterns: that could save no more than a block of a disk, in bytes. */
    private static final int SMALL = 1 << 12;

    /** The filtered rows of a smaller image are kept, so that they are not filtered again for the search; in bytes. */
    private static final int KEPT = 1 << 18;

    private RowCompressor() {}

    /**
     * All rows, filtered, as one zlib stream. Equal rows give an equal stream.
     *
     * @param header not interlaced
     * @param rows read once or twice
     */
    static byte[] compress(PngHeader header, RowSource rows) {
        // Palettes and small samples compress better without filters (ISO/IEC 15948 §12.7).
        if (header.colourType() == ColourType.PALETTE || header.bitDepth() < 8) {
            return compressPatterns(header, rows, false);
        }
        long filteredBytes = header.sampleBytes() + header.height();
        var fast = new FastDeflater(filteredBytes, (int) Math.min(header.sampleBytes() / 2, Integer.MAX_VALUE / 2));
        var kept = new ByteArrayOutputStream(filteredBytes <= KEPT ? (int) filteredBytes : 0);
        visit(
                header,
                rows,
                true,
                filteredBytes <= KEPT
                        ? (bytes, offset, length) -> {
                            fast.write(bytes, offset, length);
                            kept.write(bytes, offset, length);
                        }
                        : fast::write);
        var stream = fast.finish();
        if (stream.length < SMALL || stream.length > header.sampleBytes() / FLAT) {
            return stream;
        }
        var other =
                filteredBytes <= KEPT ? compressPatterns(header, kept::writeTo) : compressPatterns(header, rows, true);
        return other.length < stream.length ? other : stream;
    }

    private static byte[] compressPatterns(PngHeader header, RowSource rows, boolean filtered) {
        return compressPatterns(header, out -> visit(header, rows, filtered, out::write));
    }

    private static byte[] compressPatterns(PngHeader header, FilteredRows rows) {
        int buffer = (int) Math.min(1 << 16, header.sampleBytes() + 64);
        var deflater = new Deflater();
        var bytes = new ByteArrayOutputStream(buffer);
        try (var out = new DeflaterOutputStream(bytes, deflater, buffer)) {
            rows.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static <E extends Exception> void visit(PngHeader header, RowSource rows, boolean filtered, RowSink<E> sink)
            throws E {
        int length = header.rowBytes();
        var filter = new RowFilter(header.filterDistance(), length);
        var row = new byte[length];
        var above = new byte[length];
        var none = new byte[length + 1];
        for (int y = 0; y < header.height(); y++) {
            Arrays.fill(row, (byte) 0);
            rows.read(y, row);
            if (filtered) {
                sink.write(filter.apply(row, above), 0, length + 1);
            } else {
                System.arraycopy(row, 0, none, 1, length);
                sink.write(none, 0, length + 1);
            }
            var reusable = above;
            above = row;
            row = reusable;
        }
    }

    private interface FilteredRows {
        void writeTo(OutputStream out) throws IOException;
    }

    private interface RowSink<E extends Exception> {
        void write(byte[] bytes, int offset, int length) throws E;
    }
}
