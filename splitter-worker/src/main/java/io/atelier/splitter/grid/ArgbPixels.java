package io.atelier.splitter.grid;

import io.atelier.image.png.PngRaster;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The pixels of an image, or of a part of it, with 8 bits each of alpha, red, green and blue; read in place, without a copy. */
final class ArgbPixels {

    private final PngRaster raster;
    private final Box part;

    /** @param part the only pixels that are read; its upper left pixel is at 0, 0 */
    ArgbPixels(PngRaster raster, Box part) {
        this.raster = raster;
        this.part = part;
    }

    int width() {
        return part.width();
    }

    int height() {
        return part.height();
    }

    Line row(int y) {
        return row(new Box(0, 0, width(), height()), y);
    }

    Line column(int x) {
        return column(new Box(0, 0, width(), height()), x);
    }

    /** A row of a box, the topmost being 0. */
    Line row(Box box, int y) {
        return new Line(raster, part.x() + box.x(), part.y() + box.y() + y, true, box.width());
    }

    /** A column of a box, the leftmost being 0. */
    Line column(Box box, int x) {
        return new Line(raster, part.x() + box.x() + x, part.y() + box.y(), false, box.height());
    }

    /**
     * A row or a column of pixels.
     *
     * @param x the place of its first pixel in the raster
     * @param isRow whether it goes to the right, not down
     * @param length in pixels
     */
    record Line(PngRaster raster, int x, int y, boolean isRow, int length) {

        private static final int SAMPLES = 64;

        int pixel(int i) {
            return isRow ? raster.argb(x + i, y) : raster.argb(x, y + i);
        }

        /** The colour that all its pixels have, apart from a few specks; empty if they have several, or if most are transparent. */
        Optional<BackgroundColour> plainColour(int tolerance) {
            return median().stream()
                    .mapToObj(rgb -> new BackgroundColour(rgb, tolerance))
                    .filter(colour -> colour.covers(this))
                    .findFirst();
        }

        /** The median of each channel over some visible pixels. Unlike a mean it does not change with a few specks. */
        private OptionalInt median() {
            int samples = Math.min(SAMPLES, length);
            var visible = IntStream.range(0, samples)
                    .map(i -> pixel((int) ((i + 0.5) * length / samples)))
                    .filter(pixel -> !BackgroundColour.isTransparent(pixel))
                    .toArray();
            if (visible.length == 0) {
                return OptionalInt.empty();
            }
            int colour = 0;
            for (int shift = 0; shift < 24; shift += 8) {
                int bits = shift;
                var channel = IntStream.of(visible)
                        .map(pixel -> pixel >>> bits & 255)
                        .sorted()
                        .toArray();
                colour |= channel[channel.length / 2] << shift;
            }
            return OptionalInt.of(colour);
        }
    }
}
