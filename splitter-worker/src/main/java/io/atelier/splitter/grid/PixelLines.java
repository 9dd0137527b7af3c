package io.atelier.splitter.grid;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;

/** The rows or the columns of a picture: which of them are of one colour from end to end, and of which. */
final class PixelLines {

    private static final int SAMPLES = 64;

    private final int[] colours;
    private final BitSet plain = new BitSet();

    private PixelLines(int count, int tolerance, IntFunction<int[]> line) {
        colours = new int[count];
        for (int i = 0; i < count; i++) {
            var pixels = line.apply(i);
            colours[i] = middle(pixels);
            plain.set(i, new BackgroundColour(colours[i], tolerance).covers(pixels));
        }
    }

    /** The rows, from top to bottom. */
    static PixelLines rows(BufferedImage picture, int tolerance) {
        var row = new int[picture.getWidth()];
        return new PixelLines(
                picture.getHeight(), tolerance, y -> picture.getRGB(0, y, row.length, 1, row, 0, row.length));
    }

    /** The columns, from left to right. */
    static PixelLines columns(BufferedImage picture, int tolerance) {
        var column = new int[picture.getHeight()];
        return new PixelLines(picture.getWidth(), tolerance, x -> picture.getRGB(x, 0, 1, column.length, column, 0, 1));
    }

    int count() {
        return colours.length;
    }

    boolean plain(int line) {
        return plain.get(line);
    }

    /** The colour of a plain line; of any other it says nothing. */
    int colour(int line) {
        return colours[line];
    }

    boolean blank(int line, BackgroundColour blank) {
        return plain.get(line) && blank.covers(colours[line]);
    }

    /** The median of each channel, of some pixels spread over the line: few specks cannot move it. */
    private static int middle(int[] pixels) {
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
