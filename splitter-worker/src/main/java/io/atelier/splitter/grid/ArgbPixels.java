package io.atelier.splitter.grid;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The pixels of an image with 8 bits each of alpha, red, green and blue; read in place, because a copy of each column would take most of the time. */
final class ArgbPixels {

    private static final int OPAQUE = 0xFF000000;

    private final int width;
    private final int height;
    private final int[] pixels;
    private final int always;

    private ArgbPixels(int width, int height, int[] pixels, int always) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.always = always;
    }

    /** The pixels themselves if the image has them as integers; otherwise a copy. The image must not change. */
    static ArgbPixels of(BufferedImage image) {
        int type = image.getType();
        int width = image.getWidth();
        int height = image.getHeight();
        boolean isWhole = image.getRaster().getParent() == null;
        if (isWhole && (type == BufferedImage.TYPE_INT_RGB || type == BufferedImage.TYPE_INT_ARGB)) {
            var data = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
            return new ArgbPixels(width, height, data, type == BufferedImage.TYPE_INT_RGB ? OPAQUE : 0);
        }
        return new ArgbPixels(width, height, image.getRGB(0, 0, width, height, null, 0, width), 0);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    Line row(int y) {
        return row(new Box(0, 0, width, height), y);
    }

    Line column(int x) {
        return column(new Box(0, 0, width, height), x);
    }

    /** A row of a part of the image, the topmost being 0. */
    Line row(Box part, int y) {
        return new Line(this, (part.y() + y) * width + part.x(), 1, part.width());
    }

    /** A column of a part of the image, the leftmost being 0. */
    Line column(Box part, int x) {
        return new Line(this, part.y() * width + part.x() + x, width, part.height());
    }

    /**
     * A row or a column of pixels.
     *
     * @param first the place of its first pixel
     * @param step from each place to the next
     * @param length in pixels
     */
    record Line(ArgbPixels image, int first, int step, int length) {

        private static final int SAMPLES = 64;

        int pixel(int i) {
            return image.pixels[first + i * step] | image.always;
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
            var visible = IntStream.range(0, Math.min(SAMPLES, length))
                    .map(i -> pixel((int) ((i + 0.5) * length / Math.min(SAMPLES, length))))
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
