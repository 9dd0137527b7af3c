package io.atelier.splitter.grid;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;

/** The rows or the columns of an image: which of them have a single colour, and which colour. */
final class PixelLines {

    private static final int SAMPLES = 64;

    private final int[] colours;
    private final BitSet plain = new BitSet();

    private PixelLines(int count, int tolerance, IntFunction<ArgbPixels.Line> lines) {
        colours = new int[count];
        for (int i = 0; i < count; i++) {
            var line = lines.apply(i);
            if (BackgroundColour.mayCover(line, tolerance)) {
                colours[i] = median(line);
                plain.set(i, new BackgroundColour(colours[i], tolerance).covers(line));
            }
        }
    }

    /** The rows, from top to bottom. */
    static PixelLines rows(ArgbPixels image, int tolerance) {
        return new PixelLines(image.height(), tolerance, image::row);
    }

    /** The columns, from left to right. */
    static PixelLines columns(ArgbPixels image, int tolerance) {
        return new PixelLines(image.width(), tolerance, image::column);
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
    private static int median(ArgbPixels.Line line) {
        int samples = Math.min(SAMPLES, line.length());
        int colour = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            var channel = new int[samples];
            for (int i = 0; i < samples; i++) {
                channel[i] = line.pixel((int) ((i + 0.5) * line.length() / samples)) >>> shift & 255;
            }
            Arrays.sort(channel);
            colour |= channel[samples / 2] << shift;
        }
        return colour;
    }
}
