package io.atelier.contract.image;

/**
 * The layout of a grid image and how to cut it into tiles.
 *
 * @param rows 1 to 8
 * @param cols 1 to 8
 * @param trim whether to remove the blank border of each tile
 * @param insetPixels pixels to remove from every side of a tile before trimming, 0 to 256
 * @param tolerance largest difference from the border's colour, per channel of 0 to 255, at which a pixel still counts as blank, 0 to 64
 * @param minTilePixels shortest side that a tile may have, 32 to 2,048; a smaller tile is left out and reported as a warning
 */
public record GridSpec(int rows, int cols, boolean trim, int insetPixels, int tolerance, int minTilePixels) {

    public GridSpec {
        if (rows < 1 || rows > 8 || cols < 1 || cols > 8) {
            throw new IllegalArgumentException("A grid has 1 to 8 rows and columns; got " + rows + " x " + cols);
        }
    }

    /** The number of tiles in the grid. */
    public int tiles() {
        return rows * cols;
    }
}
