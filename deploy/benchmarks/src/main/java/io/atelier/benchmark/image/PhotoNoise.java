package io.atelier.benchmark.image;

import java.awt.image.BufferedImage;
import java.util.Random;

/** Images like photos: light that changes slowly, and the noise of a sensor. Equal seeds give equal images. */
final class PhotoNoise {

    /** The standard deviation of a channel of 0 to 255; a clean photo has about this. */
    private static final double NOISE = 1.8;

    private static final int WHITE = 0xFFFFFF;

    private PhotoNoise() {}

    static BufferedImage photo(int side, long seed) {
        var random = new Random(seed);
        var waves = random.doubles(24, 0.4, 1.6).toArray();
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int rgb = 0;
                for (int channel = 0; channel < 3; channel++) {
                    double value = 120 + NOISE * random.nextGaussian();
                    for (int octave = 0; octave < 4; octave++) {
                        double across = x * waves[2 * octave + channel] + y * waves[8 + 2 * octave + channel];
                        value += 50.0
                                / (octave + 1)
                                * Math.sin((1 << octave) * 2 * Math.PI / side * across + 4 * waves[20]);
                    }
                    rgb = rgb << 8 | Math.max(0, Math.min(245, (int) value));
                }
                image.setRGB(x, y, rgb);
            }
        }
        return image;
    }

    /** A photo with two rows and columns of tiles, and a white border and gutters of 16 pixels. */
    static BufferedImage grid(int side, long seed) {
        var image = photo(side, seed);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                if (isGutter(x, side) || isGutter(y, side)) {
                    image.setRGB(x, y, WHITE);
                }
            }
        }
        return image;
    }

    private static boolean isGutter(int place, int side) {
        return place < 16 || place >= side - 16 || (place >= side / 2 - 8 && place < side / 2 + 8);
    }
}
