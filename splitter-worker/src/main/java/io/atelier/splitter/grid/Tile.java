package io.atelier.splitter.grid;

import java.util.Locale;
import java.util.Set;

/**
 * A cell of a grid after it was cut and trimmed.
 *
 * @param row from 0, top to bottom
 * @param col from 0, left to right
 * @param box its pixels within the grid
 * @param confidence the lowest confidence of the cuts around it, 0 to 1
 * @param remarks what a person should know about it
 */
public record Tile(int row, int col, Box box, double confidence, Set<Remark> remarks) {

    public Tile {
        remarks = Set.copyOf(remarks);
    }

    /** Whether it is large enough to be kept. */
    public boolean isUsable() {
        return !remarks.contains(Remark.REJECTED);
    }

    /** A peculiarity of a tile. */
    public enum Remark {
        /** A side is shorter than requested, and the tile is left out. */
        REJECTED,
        /** A side is shorter than requested, and the tile is kept. */
        SMALL,
        /** The tile is entirely blank, so it was not trimmed. */
        EMPTY,
        /** One side has a far wider blank border than the others. It may be part of the image, so no more than on the others was trimmed. */
        TRIM_LIMITED;

        /** The code of the warning, such as {@code tile-rejected}. */
        public String warning() {
            return "tile-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
