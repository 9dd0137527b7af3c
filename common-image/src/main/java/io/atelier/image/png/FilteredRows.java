package io.atelier.image.png;

import java.awt.image.BufferedImage;

/**
 * Converts the rows of an image to filtered PNG scanlines: samples in R, G, B, (A) order, each row with one of the filters of ISO/IEC 15948 §9.
 * For each row it chooses the filter with the smallest sum of absolute byte values (the heuristic of §12.7). Not thread-safe.
 */
final class FilteredRows {

    private static final byte SUB = 1;
    private static final byte UP = 2;
    private static final byte PAETH = 4;

    private final BufferedImage image;
    private final int channels;
    private final int[] pixels;
    private byte[] row;
    private byte[] above;
    private final byte[] sub;
    private final byte[] up;
    private final byte[] paeth;

    FilteredRows(BufferedImage image) {
        this.image = image;
        this.channels = image.getColorModel().hasAlpha() ? 4 : 3;
        this.pixels = new int[image.getWidth()];
        int length = pixels.length * channels;
        this.row = new byte[length];
        this.above = new byte[length];
        this.sub = filtered(SUB, length);
        this.up = filtered(UP, length);
        this.paeth = filtered(PAETH, length);
    }

    /** 3 for RGB, 4 for RGBA. */
    int channels() {
        return channels;
    }

    /** The number of the filter and the filtered row. Call it once for each row, from the top down; the next call reuses the array. */
    byte[] next(int y) {
        read(y);
        int subSum = 0;
        int upSum = 0;
        int paethSum = 0;
        for (int i = 0; i < row.length; i++) {
            int left = i < channels ? 0 : row[i - channels] & 0xFF;
            int over = above[i] & 0xFF;
            int corner = i < channels ? 0 : above[i - channels] & 0xFF;
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

    private void read(int y) {
        image.getRGB(0, y, pixels.length, 1, pixels, 0, pixels.length);
        int at = 0;
        for (int argb : pixels) {
            row[at++] = (byte) (argb >> 16);
            row[at++] = (byte) (argb >> 8);
            row[at++] = (byte) argb;
            if (channels == 4) {
                row[at++] = (byte) (argb >>> 24);
            }
        }
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
