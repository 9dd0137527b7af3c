package io.atelier.splitter.grid;

import java.util.Locale;
import java.util.Set;

/**
 * One cell of a grid, as it was cut and trimmed.
 *
 * @param row from 0, top to bottom
 * @param col from 0, left to right
 * @param box which pixels of the grid it is
 * @param confidence 0 to 1: how sure the cuts around it are; the least sure one counts
 * @param remarks what a person should know of it
 */
public record Tile(int row, int col, Box box, double confidence, Set<Remark> remarks) {

    public Tile {
        remarks = Set.copyOf(remarks);
    }

    /** Whether it is large enough to be of use. */
    public boolean usable() {
        return !remarks.contains(Remark.REJECTED);
    }

    /** What is odd about a tile. */
    public enum Remark {
        /** A side is shorter than was asked for. */
        REJECTED,
        /** It is blank from side to side, so there was nothing to trim it to. */
        EMPTY,
        /** A side had far more blank than the others, so it may be part of the picture: only as much as on the others was trimmed. */
        TRIM_LIMITED;

        /** The word by which a job warns of it, such as {@code tile-rejected}. */
        public String warning() {
            return "tile-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
