package io.atelier.splitter.grid;

import io.atelier.splitter.grid.Tile.Remark;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Removes the blank border of a cell, on each side up to the first line that is not blank.
 *
 * <p>A border that is far wider than the other three may be a white sky: at most 15 % of the cell is removed, or the median of the other
 * three if that is more.
 */
final class Trim {

    /** The widest border that is removed whatever the other sides are, as a fraction of the cell. */
    private static final double UNLIMITED = 0.15;

    private final ArgbPixels image;
    private final BackgroundColour blank;

    Trim(ArgbPixels image, BackgroundColour blank) {
        this.image = image;
        this.blank = blank;
    }

    /** The rest of a cell, and a remark if it is unusual. */
    record Trimmed(Box box, Optional<Remark> remark) {}

    Trimmed of(Box cell) {
        int width = cell.width();
        int height = cell.height();
        int left = blankLines(width, i -> image.column(cell, i));
        int top = blankLines(height, i -> image.row(cell, i));
        if (left == width || top == height) {
            return new Trimmed(cell, Optional.of(Remark.EMPTY));
        }
        int right = blankLines(width, i -> image.column(cell, width - 1 - i));
        int bottom = blankLines(height, i -> image.row(cell, height - 1 - i));
        var box = cell.without(
                limited(left, width, top, right, bottom),
                limited(top, height, left, right, bottom),
                limited(right, width, left, top, bottom),
                limited(bottom, height, left, top, right));
        boolean isComplete = box.equals(cell.without(left, top, right, bottom));
        return new Trimmed(box, isComplete ? Optional.empty() : Optional.of(Remark.TRIM_LIMITED));
    }

    private int blankLines(int limit, IntFunction<ArgbPixels.Line> line) {
        return (int) IntStream.range(0, limit)
                .takeWhile(i -> blank.covers(line.apply(i)))
                .count();
    }

    private static int limited(int counted, int length, int... others) {
        Arrays.sort(others);
        int median = others[1];
        return counted <= Math.max(length * UNLIMITED, median) ? counted : median;
    }
}
