package io.atelier.image.raster;

import io.atelier.image.png.PngRaster;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Makes images smaller. Each pixel is the mean of the area that it covers, in linear light and weighted by alpha: fine patterns become their
 * mean brightness instead of other patterns, and colours of transparent pixels do not shine through. The values are taken for sRGB, which is near to the tone curve of other profiles, too.
 */
public final class AreaScaler {

    private static final int LEVELS = 65_536;
    private static final float[] LINEAR = new float[LEVELS];
    private static final byte[] ENCODED = new byte[LEVELS];

    static {
        for (int level = 0; level < LEVELS; level++) {
            double value = level / (LEVELS - 1.0);
            LINEAR[level] = (float) (value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
            double encoded = value <= 0.0031308 ? value * 12.92 : 1.055 * Math.pow(value, 1 / 2.4) - 0.055;
            ENCODED[level] = (byte) Math.round(255 * encoded);
        }
    }

    private final PngRaster raster;
    private final int width;
    private final int height;
    private final int channels;
    private final boolean hasAlpha;

    private AreaScaler(PngRaster raster, int width) {
        this.raster = raster;
        this.width = width;
        this.height = height(raster.header().width(), raster.header().height(), width);
        this.channels = raster.channels();
        this.hasAlpha = raster.hasAlpha();
    }

    /**
     * The image with another width and the same proportions, with 8 bits per channel; in its own size if it is not wider.
     *
     * @param width in pixels, at least 1
     */
    public static BufferedImage scale(PngRaster raster, int width) {
        return width >= raster.header().width() ? EightBitImages.of(raster) : new AreaScaler(raster, width).scale();
    }

    /** The height that an image gets with a width that is not larger than its own: proportional, rounded, at least 1. */
    public static int height(int fromWidth, int fromHeight, int width) {
        return (int) Math.max(1, Math.round((double) fromHeight * width / fromWidth));
    }

    private BufferedImage scale() {
        int fromWidth = raster.header().width();
        int fromHeight = raster.header().height();
        var samples = new byte[width * height * channels];
        var row = new int[fromWidth * channels];
        var sums = new float[width * channels];
        double rowsEach = (double) fromHeight / height;
        int y = 0;
        for (int from = 0; from < fromHeight; from++) {
            raster.readRow(from, row);
            var means = narrow(row, fromWidth);
            // A row belongs to two rows of the smaller image at most, because that has not more rows.
            double end = (y + 1) * rowsEach;
            double inThis = Math.min(1, end - from);
            add(means, sums, inThis / rowsEach);
            if (from + 1 >= end - 1e-9 && y < height) {
                write(sums, samples, y++);
                Arrays.fill(sums, 0);
                if (inThis < 1) {
                    add(means, sums, (1 - inThis) / rowsEach);
                }
            }
        }
        return EightBitImages.image(width, height, channels, samples);
    }

    /** The means of a row in linear light, colours multiplied with alpha. */
    private float[] narrow(int[] row, int fromWidth) {
        var means = new float[width * channels];
        double each = (double) fromWidth / width;
        int x = 0;
        for (int from = 0; from < fromWidth; from++) {
            double end = (x + 1) * each;
            double inThis = Math.min(1, end - from);
            add(row, from, means, x, inThis / each);
            if (from + 1 >= end - 1e-9 && x + 1 < width) {
                x++;
                if (inThis < 1) {
                    add(row, from, means, x, (1 - inThis) / each);
                }
            }
        }
        return means;
    }

    private void add(int[] row, int from, float[] means, int x, double weight) {
        int at = from * channels;
        int to = x * channels;
        int colours = hasAlpha ? channels - 1 : channels;
        float opacity = hasAlpha ? row[at + colours] / (LEVELS - 1f) : 1;
        float part = (float) weight * opacity;
        for (int channel = 0; channel < colours; channel++) {
            means[to + channel] += LINEAR[row[at + channel]] * part;
        }
        if (hasAlpha) {
            means[to + colours] += part;
        }
    }

    private static void add(float[] means, float[] sums, double weight) {
        float part = (float) weight;
        for (int i = 0; i < sums.length; i++) {
            sums[i] += means[i] * part;
        }
    }

    private void write(float[] sums, byte[] samples, int y) {
        int colours = hasAlpha ? channels - 1 : channels;
        for (int x = 0; x < width; x++) {
            int at = x * channels;
            float opacity = hasAlpha ? sums[at + colours] : 1;
            int to = y * width * channels + at;
            for (int channel = 0; channel < colours; channel++) {
                float linear = opacity <= 0 ? 0 : sums[at + channel] / opacity;
                samples[to + channel] = ENCODED[level(linear)];
            }
            if (hasAlpha) {
                samples[to + colours] = (byte) Math.round(255 * Math.min(1, opacity));
            }
        }
    }

    private static int level(float value) {
        return Math.round((LEVELS - 1) * Math.min(1, Math.max(0, value)));
    }
}
