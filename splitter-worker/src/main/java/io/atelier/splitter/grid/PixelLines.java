package io.atelier.splitter.grid;

import java.util.BitSet;
import java.util.function.IntFunction;

/** The rows or the columns of an image, and which of them are background. */
final class PixelLines {

    private final int count;
    private final IntFunction<ArgbPixels.Line> lines;
    private final BackgroundColour background;
    private final BitSet blank = new BitSet();

    private PixelLines(int count, IntFunction<ArgbPixels.Line> lines, BackgroundColour background) {
        this.count = count;
        this.lines = lines;
        this.background = background;
        for (int i = 0; i < count; i++) {
            blank.set(i, background.covers(lines.apply(i)));
        }
    }

    /** The rows, from top to bottom. */
    static PixelLines rows(ArgbPixels image, BackgroundColour background) {
        return new PixelLines(image.height(), image::row, background);
    }

    /** The columns, from left to right. */
    static PixelLines columns(ArgbPixels image, BackgroundColour background) {
        return new PixelLines(image.width(), image::column, background);
    }

    int count() {
        return count;
    }

    ArgbPixels.Line line(int number) {
        return lines.apply(number);
    }

    /** Whether a line is background of a far larger tolerance, as the blurred edge of a gutter is. */
    boolean isNearlyBlank(int line) {
        return new BackgroundColour(background.rgb(), 2 * background.tolerance() + 16).covers(lines.apply(line));
    }

    /** Whether a line is background. */
    boolean isBlank(int line) {
        return blank.get(line);
    }

    /** Whether two lines have the same single colour, whichever it is, so that a cut between them cuts no content. */
    boolean arePlain(int line, int next) {
        return lines.apply(line)
                .plainColour(background.tolerance())
                .filter(colour -> colour.covers(lines.apply(next)))
                .isPresent();
    }

    /** The fraction of pixels, 0 to 1, that differ visibly from the pixel beside them in the previous line. */
    double difference(int line) {
        var before = lines.apply(line - 1);
        var behind = lines.apply(line);
        int differing = 0;
        for (int i = 0; i < behind.length(); i++) {
            int pixel = before.pixel(i);
            int rgb = BackgroundColour.isTransparent(pixel) ? BackgroundColour.NONE : pixel & BackgroundColour.WHITE;
            if (!new BackgroundColour(rgb, background.tolerance()).covers(behind.pixel(i))) {
                differing++;
            }
        }
        return (double) differing / behind.length();
    }
}
