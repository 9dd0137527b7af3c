package io.atelier.generator.engine.diffusion.pipeline.vae;

import java.awt.image.BufferedImage;

/** Converts between images and the planes of red, green and blue {@code [3, height, width]} that a VAE takes, from -1 (black) to 1. */
final class PixelPlanes {

    private static final int CHANNELS = 3;
    private static final float MAX = 255;

    private PixelPlanes() {}

    /** The planes of an image; transparency is ignored. */
    static float[] of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        int plane = width * height;
        var values = new float[CHANNELS * plane];
        var line = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, line, 0, width);
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < CHANNELS; channel++) {
                    int level = line[x] >> shift(channel) & 0xFF;
                    values[channel * plane + y * width + x] = 2 * (level / MAX) - 1;
                }
            }
        }
        return values;
    }

    /** The image of planes; values beyond -1 and 1 are clamped. */
    static BufferedImage toImage(float[] planes, int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int plane = width * height;
        var line = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = 0;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    rgb |= level(planes[channel * plane + y * width + x]) << shift(channel);
                }
                line[x] = rgb;
            }
            image.setRGB(0, y, width, 1, line, 0, width);
        }
        return image;
    }

    private static int level(float value) {
        return (int) Math.rint(Math.min(1, Math.max(0, value / 2 + 0.5f)) * MAX);
    }

    private static int shift(int channel) {
        return 16 - 8 * channel;
    }
}
