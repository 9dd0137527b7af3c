package io.atelier.generator.engine.testcard;

import io.atelier.contract.digest.Sha256;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws test cards that show the prompt and the seed, in colours that depend only on these two. */
final class TestCard {

    private static final int BARS = 8;

    private final Canvas canvas;
    private final String prompt;
    private final long seed;
    private final int hue;
    private final int hueStep;

    private TestCard(int width, int height, String prompt, long seed) {
        this.canvas = new Canvas(width, height);
        this.prompt = prompt;
        this.seed = seed;
        var random = new SplittableRandom(hash(prompt, seed));
        this.hue = random.nextInt(360);
        this.hueStep = 23 + random.nextInt(45);
    }

    /** A card with a gradient, colour bars, the prompt and the seed. */
    static BufferedImage plain(int width, int height, String prompt, long seed) {
        return new TestCard(width, height, prompt, seed).plain();
    }

    /** A grid of numbered tiles in different colours, row by row, with a white gutter around each. */
    static BufferedImage grid(int width, int height, String prompt, long seed, int rows, int cols) {
        return new TestCard(width, height, prompt, seed).grid(rows, cols);
    }

    private BufferedImage plain() {
        int width = canvas.width();
        int height = canvas.height();
        int bars = height / 4;
        canvas.fade(0, 0, width, height - bars, Colours.wheel(hue, 90, 60), Colours.wheel(hue + hueStep, 220, 150));
        for (int i = 0; i < BARS; i++) {
            int left = i * width / BARS;
            int right = (i + 1) * width / BARS;
            int lightness = 230 - 18 * i;
            int colour = Colours.wheel(hue + i * hueStep, lightness, lightness * 3 / 4);
            canvas.fill(left, height - bars, right - left, bars, colour);
        }
        int margin = Math.max(2, Math.min(width, height) / 24);
        int scale = Math.max(1, width / 200);
        write(prompt, margin, height - bars - 2 * margin - line(scale), scale);
        canvas.write("seed " + seed, margin, height - bars - margin - line(scale), scale, Colours.WHITE);
        return canvas.image();
    }

    private BufferedImage grid(int rows, int cols) {
        int gutter = Math.max(1, Math.min(canvas.width() / cols, canvas.height() / rows) / 16);
        canvas.fill(0, 0, canvas.width(), canvas.height(), Colours.WHITE);
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                tile(row * cols + col, rows * cols, row, rows, col, cols, gutter);
            }
        }
        return canvas.image();
    }

    private void tile(int index, int tiles, int row, int rows, int col, int cols, int gutter) {
        int x = col * canvas.width() / cols + gutter;
        int y = row * canvas.height() / rows + gutter;
        int wide = (col + 1) * canvas.width() / cols - gutter - x;
        int high = (row + 1) * canvas.height() / rows - gutter - y;
        int tileHue = hue + index * 360 / tiles;
        canvas.fade(x, y, wide, high, Colours.wheel(tileHue, 225, 170), Colours.wheel(tileHue, 110, 90));
        int scale = Math.max(1, high / 40);
        canvas.write(Integer.toString(index), x + gutter, y + gutter, scale, 0);
    }

    private void write(String text, int margin, int maxY, int scale) {
        int perLine = Math.max(1, (canvas.width() - 2 * margin) / (PixelFont.ADVANCE * scale));
        int y = margin;
        for (var line : lines(text, perLine)) {
            if (y + line(scale) > maxY) {
                return;
            }
            canvas.write(line, margin, y, scale, Colours.WHITE);
            y += line(scale);
        }
    }

    private static int line(int scale) {
        return (PixelFont.HEIGHT + 3) * scale;
    }

    private static List<String> lines(String text, int perLine) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > perLine) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static long hash(String prompt, long seed) {
        var text = prompt.getBytes(StandardCharsets.UTF_8);
        var input = ByteBuffer.allocate(text.length + Long.BYTES).put(text).putLong(seed);
        return Sha256.of(input.array()).firstLong();
    }
}
