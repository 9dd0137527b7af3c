package io.atelier.generator.engine.testcard;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/** Draws rectangles and letters into an array of pixels, so it needs neither fonts nor a display. Not thread-safe. */
final class Canvas {

    private final int width;
    private final int height;
    private final int[] pixels;

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.pixels = new int[width * height];
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** Fills a rectangle; the part outside the canvas is ignored. */
    void fill(int x, int y, int wide, int high, int rgb) {
        int left = Math.max(0, x);
        int right = Math.min(width, x + wide);
        for (int row = Math.max(0, y); row < Math.min(height, y + high) && left < right; row++) {
            Arrays.fill(pixels, row * width + left, row * width + right, rgb);
        }
    }

    /** Fills a rectangle with a vertical gradient between two colours. */
    void fade(int x, int y, int wide, int high, int top, int bottom) {
        for (int row = 0; row < high; row++) {
            fill(x, y + row, wide, 1, Colours.between(top, bottom, row, high));
        }
    }

    /** Writes one line of text with letters of {@link PixelFont#HEIGHT} times {@code scale} pixels, from its top left corner. */
    void write(String line, int x, int y, int scale, int rgb) {
        int left = x;
        for (int i = 0; i < line.length(); i++) {
            letter(line.charAt(i), left, y, scale, rgb);
            left += PixelFont.ADVANCE * scale;
        }
    }

    private void letter(char letter, int x, int y, int scale, int rgb) {
        for (int row = 0; row < PixelFont.HEIGHT; row++) {
            int dots = PixelFont.row(letter, row);
            for (int col = 0; col < PixelFont.WIDTH; col++) {
                if ((dots >> (PixelFont.WIDTH - 1 - col) & 1) == 1) {
                    fill(x + col * scale, y + row * scale, scale, scale, rgb);
                }
            }
        }
    }

    BufferedImage image() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.getRaster().setDataElements(0, 0, width, height, pixels);
        return image;
    }
}
