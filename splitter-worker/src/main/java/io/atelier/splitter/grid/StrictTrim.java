package io.atelier.splitter.grid;

import io.atelier.splitter.grid.Tile.Remark;
import io.atelier.splitter.grid.Trim.Trimmed;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Trims a cell to the bounding box of its pixels that are not exactly white. Ignores alpha. Keeps a cell that is entirely white. */
final class StrictTrim {

    private final ArgbPixels image;

    StrictTrim(ArgbPixels image) {
        this.image = image;
    }

    /** The rest of a cell, and a remark if it is entirely white. */
    Trimmed of(Box cell) {
        int width = cell.width();
        int height = cell.height();
        int top = count(height, i -> isWhite(image.row(cell, i)));
        if (top == height) {
            return new Trimmed(cell, Optional.of(Remark.EMPTY));
        }
        int bottom = count(height, i -> isWhite(image.row(cell, height - 1 - i)));
        int left = count(width, i -> isWhite(image.column(cell, i)));
        int right = count(width, i -> isWhite(image.column(cell, width - 1 - i)));
        return new Trimmed(cell.without(left, top, right, bottom), Optional.empty());
    }

    private static int count(int limit, IntPredicate isWhite) {
        int white = 0;
        while (white < limit && isWhite.test(white)) {
            white++;
        }
        return white;
    }

    private static boolean isWhite(ArgbPixels.Line line) {
        for (int i = 0; i < line.length(); i++) {
            if ((line.pixel(i) & BackgroundColour.WHITE) != BackgroundColour.WHITE) {
                return false;
            }
        }
        return true;
    }
}
