package io.atelier.splitter.grid;

import io.atelier.splitter.grid.Tile.Remark;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Takes the blank border off a cell, side by side, each up to the first line that is not blank.
 *
 * <p>A side whose border is far wider than the other three may be a white sky: it loses no more than 15 % of the cell, or the median of
 * the other three if that is more.
 */
final class Trim {

    private static final double ALONE = 0.15;

    private final BufferedImage picture;
    private final BackgroundColour blank;

    Trim(BufferedImage picture, BackgroundColour blank) {
        this.picture = picture;
        this.blank = blank;
    }

    /** What is left of a cell, and what is odd about it if anything is. */
    record Trimmed(Box box, Optional<Remark> remark) {}

    Trimmed of(Box cell) {
        int width = cell.width();
        int height = cell.height();
        int left = blankLines(width, i -> column(cell, i));
        int top = blankLines(height, i -> row(cell, i));
        if (left == width || top == height) {
            return new Trimmed(cell, Optional.of(Remark.EMPTY));
        }
        int right = blankLines(width, i -> column(cell, width - 1 - i));
        int bottom = blankLines(height, i -> row(cell, height - 1 - i));
        var box = cell.without(
                limited(left, width, top, right, bottom),
                limited(top, height, left, right, bottom),
                limited(right, width, left, top, bottom),
                limited(bottom, height, left, top, right));
        boolean asCounted = box.equals(cell.without(left, top, right, bottom));
        return new Trimmed(box, asCounted ? Optional.empty() : Optional.of(Remark.TRIM_LIMITED));
    }

    private int blankLines(int most, IntFunction<int[]> line) {
        return (int) IntStream.range(0, most)
                .takeWhile(i -> blank.covers(line.apply(i)))
                .count();
    }

    private static int limited(int counted, int length, int... others) {
        Arrays.sort(others);
        int median = others[1];
        return counted <= Math.max(length * ALONE, median) ? counted : median;
    }

    private int[] row(Box cell, int i) {
        return picture.getRGB(cell.x(), cell.y() + i, cell.width(), 1, null, 0, cell.width());
    }

    private int[] column(Box cell, int i) {
        return picture.getRGB(cell.x() + i, cell.y(), 1, cell.height(), null, 0, 1);
    }
}
