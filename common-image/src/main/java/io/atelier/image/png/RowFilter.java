package io.atelier.image.png;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * The filters of ISO/IEC 15948 §9. For each row it chooses the filter with the smallest sum of absolute byte values (the heuristic of §12.7);
 * rows of palettes and of less than 8 bits are not filtered, as recommended there. Not thread-safe.
 */
final class RowFilter {

    private static final byte SUB = 1;
    private static final byte UP = 2;
    private static final byte PAETH = 4;

    private final int distance;
    private final boolean filters;
    private byte[] row;
    private byte[] above;
    private final byte[] none;
    private final byte[] sub;
    private final byte[] up;
    private final byte[] paeth;

    private RowFilter(PngHeader header) {
        int length = header.rowBytes();
        this.distance = header.filterDistance();
        this.filters = header.colourType() != ColourType.PALETTE && header.bitDepth() >= 8;
        this.row = new byte[length];
        this.above = new byte[length];
        this.none = filtered((byte) 0, length);
        this.sub = filtered(SUB, length);
        this.up = filtered(UP, length);
        this.paeth = filtered(PAETH, length);
    }

    /** All rows, filtered, as one zlib stream. The header must not be interlaced. */
    static byte[] compress(PngHeader header, RowSource rows) {
        var filter = new RowFilter(header);
        // Higher levels are two to three times as slow for a few percent, because filtered rows contain few
        // repetitions.
        var deflater = new Deflater(Deflater.BEST_SPEED);
        var bytes = new ByteArrayOutputStream(1 << 16);
        try (var out = new DeflaterOutputStream(bytes, deflater, 1 << 16)) {
            for (int y = 0; y < header.height(); y++) {
                out.write(filter.next(rows, y));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /**
     * Undoes the filter of a row in place.
     *
     * @param filter 0 to 4
     * @param row the filtered bytes at {@code 0..length - 1}; the samples at the end
     * @param above the samples of the row above; zeros for the first row
     * @param distance the bytes of a pixel, at least 1
     */
    static void undo(int filter, byte[] row, byte[] above, int length, int distance) {
        switch (filter) {
            case SUB -> {
                for (int i = distance; i < length; i++) {
                    row[i] += row[i - distance];
                }
            }
            case UP -> {
                for (int i = 0; i < length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < length; i++) {
                    int left = i < distance ? 0 : row[i - distance] & 0xFF;
                    row[i] += (byte) ((left + (above[i] & 0xFF)) >> 1);
                }
            }
            case PAETH -> {
                for (int i = 0; i < length; i++) {
                    int left = i < distance ? 0 : row[i - distance] & 0xFF;
                    int corner = i < distance ? 0 : above[i - distance] & 0xFF;
                    row[i] += (byte) predict(left, above[i] & 0xFF, corner);
                }
            }
            default -> {}
        }
    }

    /** The number of the filter and the filtered row; the next call reuses the array. */
    private byte[] next(RowSource rows, int y) {
        Arrays.fill(row, (byte) 0);
        rows.read(y, row);
        if (!filters) {
            System.arraycopy(row, 0, none, 1, row.length);
            return none;
        }
        int subSum = 0;
        int upSum = 0;
        int paethSum = 0;
        for (int i = 0; i < row.length; i++) {
            int left = i < distance ? 0 : row[i - distance] & 0xFF;
            int over = above[i] & 0xFF;
            int corner = i < distance ? 0 : above[i - distance] & 0xFF;
            sub[i + 1] = (byte) (row[i] - left);
            up[i + 1] = (byte) (row[i] - over);
            paeth[i + 1] = (byte) (row[i] - predict(left, over, corner));
            subSum += Math.abs(sub[i + 1]);
            upSum += Math.abs(up[i + 1]);
            paethSum += Math.abs(paeth[i + 1]);
        }
        var reusable = above;
        above = row;
        row = reusable;
        if (upSum <= subSum && upSum <= paethSum) {
            return up;
        }
        return subSum <= paethSum ? sub : paeth;
    }

    /** The Paeth predictor of ISO/IEC 15948 §9.4. */
    private static int predict(int left, int over, int corner) {
        int toLeft = Math.abs(over - corner);
        int toOver = Math.abs(left - corner);
        int toCorner = Math.abs(left + over - 2 * corner);
        if (toLeft <= toOver && toLeft <= toCorner) {
            return left;
        }
        return toOver <= toCorner ? over : corner;
    }

    private static byte[] filtered(byte filter, int length) {
        var bytes = new byte[length + 1];
        bytes[0] = filter;
        return bytes;
    }
}
