package io.atelier.splitter.grid;

import java.util.List;

/**
 * A rectangle of pixels; may be empty.
 *
 * @param x the first column, from 0
 * @param y the first row, from 0
 */
public record Box(int x, int y, int width, int height) {

    public Box {
        if (x < 0 || y < 0 || width < 0 || height < 0) {
            throw new IllegalArgumentException("A box has no negative sizes and coordinates; got " + width + " x "
                    + height + " at " + x + ", " + y);
        }
    }

    /** Left, top, right and bottom; right and bottom exclusive. */
    public List<Integer> edges() {
        return List.of(x, y, x + width, y + height);
    }

    int shorterSide() {
        return Math.min(width, height);
    }

    /** The box reduced by so many pixels on each side; empty if they are more than it has. */
    Box without(int left, int top, int right, int bottom) {
        return new Box(x + left, y + top, Math.max(0, width - left - right), Math.max(0, height - top - bottom));
    }
}
