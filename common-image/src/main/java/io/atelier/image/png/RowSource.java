package io.atelier.image.png;

/** Delivers the rows of an image, each packed as in a PNG: samples in the order of the colour type, the first one in the highest bits. */
@FunctionalInterface
interface RowSource {

    /** Writes row {@code y} to the beginning of an array. Called for each row from the top down, and perhaps for all rows again. */
    void read(int y, byte[] row);
}
