package io.atelier.splitter.grid;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;

/** The rows or the columns of an image: which of them have a single colour, and which colour. */
final class PixelLines {

    private static final int SAMPLES = 64;

    private final int[] colours;
    private final BitSet plain = new BitSet();

    private PixelLines(int count, int tolerance, IntFunction<int[]> line) {
        colours = new int[count];
        for (int i = 0; i < count; i++) {
            var pixels = line.apply(i);
            colours[i] = median(pixels);
            plain.set(i, new BackgroundColour(colours[i], tolerance).covers(pixels));
        }
    }

    /** The rows, from top to bottom. */
    static PixelLines rows(BufferedImage image, int tolerance) {
        var row = new int[image.getWidth()];
        return new PixelLines(image.getHeight(), tolerance, y -> image.getRGB(0, y, row.length, 1, row, 0, row.length));
    }

    /** The columns, from left to right. */
    static PixelLines columns(BufferedImage image, int tolerance) {
        var column = new int[image.getHeight()];
        return new PixelLines(image.getWidth(), tolerance, x -> image.getRGB(x, 0, 1, column.length, column, 0, 1));
    }

    int count() {
        return colours.length;
    }

    /** Whether the line has a single colour, apart from a few specks. */
    boolean isPlain(int line) {
        return plain.get(line);
    }

    /** The colour of a single-coloured line; meaningless for any other line. */
    int colour(int line) {
        return colours[line];
    }

    /** Whether the line has this single colour. */
    boolean isBlank(int line, BackgroundColour blank) {
        return plain.get(line) && blank.covers(colours[line]);
    }

    /** The median of each channel over some pixels of the line. Unlike a mean it does not change with a few specks. */
    private static int median(int[] pixels) {
        int samples = Math.min(SAMPLES, pixels.length);
        int colour = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            var channel = new int[samples];
            for (int i = 0; i < samples; i++) {
                channel[i] = pixels[(int) ((i + 0.5) * pixels.length / samples)] >>> shift & 255;
            }
            Arrays.sort(channel);
            colour |= channel[samples / 2] << shift;
        }
        return colour;
    }
}
