package io.atelier.contract.image;

/**
 * How a grid is to be cut.
 *
 * @param rows 1 to 8
 * @param cols 1 to 8
 * @param trim whether the blank border of each tile goes
 * @param insetPixels 0 to 256: taken off every side of a tile before it is trimmed
 * @param tolerance 0 to 64: how far a border pixel may be from the border's colour and still be blank, per channel of 0 to 255
 * @param minTilePixels 32 to 2,048: a tile with a shorter side is left out and warned of
 */
public record GridSpec(int rows, int cols, boolean trim, int insetPixels, int tolerance, int minTilePixels) {

    public GridSpec {
        if (rows < 1 || rows > 8 || cols < 1 || cols > 8) {
            throw new IllegalArgumentException("A grid has 1 to 8 rows and columns; got " + rows + " x " + cols);
        }
    }

    public int tiles() {
        return rows * cols;
    }
}
