package io.atelier.standalone.terminal;

import java.awt.Color;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.BitSet;

/** Encodes an image as sixel graphics with a fixed palette of 252 colours; the error of each pixel goes to its neighbours (Floyd and Steinberg). */
final class SixelEncoder {

    private static final int ROWS_PER_BAND = 6;
    private static final int RED_LEVELS = 6;
    private static final int GREEN_LEVELS = 7;
    private static final int BLUE_LEVELS = 6;
    private static final int COLOURS = RED_LEVELS * GREEN_LEVELS * BLUE_LEVELS;
    private static final int FIRST_CHARACTER = 63;
    private static final int SHORTEST_REPETITION = 4;

    private SixelEncoder() {}

    /** The graphics of an image, made smaller if it is wider than the limit in pixels; transparent parts become white. */
    static String encode(BufferedImage original, int widest) {
        var image = scaled(original, Math.min(widest, original.getWidth()));
        int width = image.getWidth();
        int height = image.getHeight();
        var pixels = quantized(image);
        var text = new StringBuilder("\u001BPq\"1;1;%d;%d".formatted(width, height));
        for (int colour = 0; colour < COLOURS; colour++) {
            text.append("#%d;2;%d;%d;%d"
                    .formatted(colour, red(colour) * 100 / 255, green(colour) * 100 / 255, blue(colour) * 100 / 255));
        }
        for (int top = 0; top < height; top += ROWS_PER_BAND) {
            band(text, pixels, width, top, Math.min(ROWS_PER_BAND, height - top));
        }
        return text.append("\u001B\\").toString();
    }

    private static void band(StringBuilder text, int[] pixels, int width, int top, int rows) {
        var used = new BitSet(COLOURS);
        for (int i = top * width; i < (top + rows) * width; i++) {
            used.set(pixels[i]);
        }
        for (int colour = used.nextSetBit(0); colour >= 0; colour = used.nextSetBit(colour + 1)) {
            text.append('#').append(colour);
            char last = 0;
            int repetitions = 0;
            for (int x = 0; x < width; x++) {
                int bits = 0;
                for (int row = 0; row < rows; row++) {
                    bits |= pixels[(top + row) * width + x] == colour ? 1 << row : 0;
                }
                char character = (char) (FIRST_CHARACTER + bits);
                if (character != last) {
                    repeat(text, last, repetitions);
                    last = character;
                    repetitions = 0;
                }
                repetitions++;
            }
            repeat(text, last, repetitions);
            text.append('$');
        }
        text.append('-');
    }

    private static void repeat(StringBuilder text, char character, int repetitions) {
        if (repetitions < SHORTEST_REPETITION) {
            text.append(String.valueOf(character).repeat(repetitions));
        } else {
            text.append('!').append(repetitions).append(character);
        }
    }

    private static BufferedImage scaled(BufferedImage original, int width) {
        int height = Math.max(1, Math.round(original.getHeight() * (width / (float) original.getWidth())));
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(original, 0, 0, width, height, Color.WHITE, null);
        graphics.dispose();
        return image;
    }

    private static int[] quantized(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        var colours = new int[width * height];
        // Errors of the current row and of the next one, three channels for each pixel, with one pixel of margin on
        // both sides.
        var errors = new float[2][(width + 2) * 3];
        for (int y = 0; y < height; y++) {
            var here = errors[y % 2];
            var below = errors[(y + 1) % 2];
            Arrays.fill(below, 0);
            for (int x = 0; x < width; x++) {
                int rgb = image.getRGB(x, y);
                int at = (x + 1) * 3;
                var wanted = new float[] {
                    clamped((rgb >> 16 & 255) + here[at]),
                    clamped((rgb >> 8 & 255) + here[at + 1]),
                    clamped((rgb & 255) + here[at + 2])
                };
                int colour = nearest(wanted);
                colours[y * width + x] = colour;
                var chosen = new int[] {red(colour), green(colour), blue(colour)};
                for (int channel = 0; channel < 3; channel++) {
                    float error = wanted[channel] - chosen[channel];
                    here[at + 3 + channel] += error * 7 / 16;
                    below[at - 3 + channel] += error * 3 / 16;
                    below[at + channel] += error * 5 / 16;
                    below[at + 3 + channel] += error / 16;
                }
            }
        }
        return colours;
    }

    private static float clamped(float value) {
        return Math.max(0, Math.min(255, value));
    }

    private static int nearest(float[] wanted) {
        int red = Math.round(wanted[0] * (RED_LEVELS - 1) / 255);
        int green = Math.round(wanted[1] * (GREEN_LEVELS - 1) / 255);
        int blue = Math.round(wanted[2] * (BLUE_LEVELS - 1) / 255);
        return (red * GREEN_LEVELS + green) * BLUE_LEVELS + blue;
    }

    private static int red(int colour) {
        return colour / (GREEN_LEVELS * BLUE_LEVELS) * 255 / (RED_LEVELS - 1);
    }

    private static int green(int colour) {
        return colour / BLUE_LEVELS % GREEN_LEVELS * 255 / (GREEN_LEVELS - 1);
    }

    private static int blue(int colour) {
        return colour % BLUE_LEVELS * 255 / (BLUE_LEVELS - 1);
    }
}
