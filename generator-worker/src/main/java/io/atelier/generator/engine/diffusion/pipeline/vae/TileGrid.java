package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.model.VaeTiling;

/** The tiles of an image in the VAE, in rows and columns. */
record TileGrid(BlendedAxis rows, BlendedAxis columns) {

    /** @param scale pixels for each latent in one direction */
    static TileGrid of(VaeTiling tiling, LatentShape shape, int scale) {
        int longest = tiling.cuts((long) shape.plane() * scale * scale) ? tiling.side() : Integer.MAX_VALUE;
        return new TileGrid(BlendedAxis.of(shape.height(), longest), BlendedAxis.of(shape.width(), longest));
    }

    int tiles() {
        return rows.tiles() * columns.tiles();
    }

    /**
     * Copies a tile out of planes.
     *
     * @param index of the tile, row by row
     * @param planes {@code [channels, rows, columns]} of the image, {@code unit} values for each latent in one direction
     * @param into {@code [channels, tile rows, tile columns]}
     */
    void cut(int index, float[] planes, int unit, float[] into) {
        int width = columns.tile() * unit;
        int lines = into.length / width;
        int height = rows.tile() * unit;
        for (int line = 0; line < lines; line++) {
            System.arraycopy(planes, place(index, line / height, line % height, unit), into, line * width, width);
        }
    }

    /**
     * Adds the share of a tile to the planes of the image.
     *
     * @param index of the tile, row by row
     * @param tile {@code [channels, tile rows, tile columns]}
     * @param unit values for each latent in one direction
     * @param into {@code [channels, rows, columns]}; 0 before the first tile
     */
    void blend(int index, float[] tile, int unit, float[] into) {
        var down = rows.weights(index / columns.tiles(), unit);
        var across = columns.weights(index % columns.tiles(), unit);
        for (int line = 0; line < tile.length / across.length; line++) {
            int at = place(index, line / down.length, line % down.length, unit);
            float weight = down[line % down.length];
            for (int x = 0; x < across.length; x++) {
                into[at + x] += weight * across[x] * tile[line * across.length + x];
            }
        }
    }

    /** The index of the first value of a tile's line in the planes of the image. */
    private int place(int index, int channel, int line, int unit) {
        int top = rows.start(index / columns.tiles()) * unit;
        int left = columns.start(index % columns.tiles()) * unit;
        return (channel * rows.length() * unit + top + line) * columns.length() * unit + left;
    }
}
