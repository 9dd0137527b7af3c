package io.atelier.generator.engine.testcard;

import java.awt.image.BufferedImage;

/**
 * Draws the grid of an avatar without a model that could make one: the same image four times, with white gutters, each time with a number and a
 * tint of its own, so that the images that are cut out of it can be distinguished.
 */
final class DemonstrationGrid {

    private static final int SIDE = 2;

    /** The part of a pixel that is tint; it also keeps white edges of the image from being trimmed. */
    private static final int TINT = 4;

    private final Canvas canvas;
    private final BufferedImage source;
    private final long seed;
    private final int gutter;

    private DemonstrationGrid(BufferedImage source, int width, int height, long seed) {
        this.canvas = new Canvas(width, height);
        this.source = source;
        this.seed = seed;
        this.gutter = Math.max(1, Math.min(width, height) / SIDE / 16);
    }

    /**
     * A grid of 2 x 2 images.
     *
     * @param seed gives the tints, so that other grids of the same image differ
     */
    static BufferedImage draw(BufferedImage source, int width, int height, long seed) {
        var grid = new DemonstrationGrid(source, width, height, seed);
        grid.canvas.fill(0, 0, width, height, Colours.WHITE);
        for (int cell = 0; cell < SIDE * SIDE; cell++) {
            grid.cell(cell, cell / SIDE, cell % SIDE);
        }
        return grid.canvas.image();
    }

    private void cell(int number, int row, int col) {
        int left = col * canvas.width() / SIDE + gutter;
        int top = row * canvas.height() / SIDE + gutter;
        int wide = (col + 1) * canvas.width() / SIDE - gutter - left;
        int high = (row + 1) * canvas.height() / SIDE - gutter - top;
        int tint = Colours.wheel(Math.floorMod(seed * 47, 360) + number * 90, 225, 170);
        for (int y = 0; y < high; y++) {
            for (int x = 0; x < wide; x++) {
                int below = source.getRGB(
                        (int) ((long) x * source.getWidth() / wide), (int) ((long) y * source.getHeight() / high));
                canvas.fill(left + x, top + y, 1, 1, Colours.between(below, tint, 1, TINT));
            }
        }
        int scale = Math.max(1, high / 40);
        canvas.fill(left + gutter, top + gutter, (PixelFont.WIDTH + 4) * scale, (PixelFont.HEIGHT + 4) * scale, 0);
        canvas.write(
                Integer.toString(number), left + gutter + 2 * scale, top + gutter + 2 * scale, scale, Colours.WHITE);
    }
}
