package io.atelier.avatarsample.provider;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Simple images: the same words and the same source give the same pixels. */
final class ScriptedImages {

    private static final Color SKIN = new Color(0xE0AC69);
    private static final Color DARK = new Color(0x2B2B2B);

    private ScriptedImages() {}

    /** A head and shoulders in colours that follow from the words. No pixel of it is white. */
    static BufferedImage base(String words, int side) {
        var digest = FormFile.sha256(words.getBytes(StandardCharsets.UTF_8));
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        var graphics = graphics(image);
        graphics.setPaint(new GradientPaint(0, 0, colour(digest, 0, 0.9f), 0, side, colour(digest, 0, 0.55f)));
        graphics.fillRect(0, 0, side, side);
        graphics.setColor(colour(digest, 4, 0.7f));
        oval(graphics, side, 0.14, 0.68, 0.72, 0.7);
        graphics.setColor(colour(digest, 8, 0.35f));
        oval(graphics, side, 0.28, 0.12, 0.44, 0.5);
        graphics.setColor(SKIN);
        oval(graphics, side, 0.43, 0.58, 0.14, 0.2);
        oval(graphics, side, 0.32, 0.2, 0.36, 0.46);
        graphics.setColor(DARK);
        oval(graphics, side, 0.41, 0.38, 0.04, 0.05);
        oval(graphics, side, 0.55, 0.38, 0.04, 0.05);
        graphics.fillArc(at(side, 0.43), at(side, 0.46), at(side, 0.14), at(side, 0.12), 180, 180);
        graphics.dispose();
        return image;
    }

    /**
     * Four views of the source in two rows and columns, with a white border of 3/256 of the side and a white gutter of 1/64: with a side of 1024
     * pixels the cells have 492. The dots in each cell are as many as its number, from 1; those below are as many as the ordinal.
     *
     * @param ordinal from 1: how often the same was asked for
     */
    static BufferedImage grid(BufferedImage source, int ordinal, int side) {
        int border = side * 3 / 256;
        int gutter = side / 64;
        int cell = (side - 2 * border - gutter) / 2;
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        var graphics = graphics(image);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, side, side);
        for (int i = 0; i < 4; i++) {
            int x = border + (i % 2) * (cell + gutter);
            int y = border + (i / 2) * (cell + gutter);
            graphics.drawImage(view(source, i, ordinal, cell), x, y, null);
        }
        graphics.dispose();
        return image;
    }

    private static BufferedImage view(BufferedImage source, int number, int ordinal, int cell) {
        var view = new BufferedImage(cell, cell, BufferedImage.TYPE_INT_RGB);
        var graphics = graphics(view);
        boolean isMirrored = number % 2 == 1;
        graphics.drawImage(source, isMirrored ? cell : 0, 0, isMirrored ? -cell : cell, cell, null);
        if (number >= 2) {
            graphics.setColor(new Color(20, 20, 60, 70));
            graphics.fillRect(0, 0, cell, cell);
        }
        graphics.setColor(DARK);
        dots(graphics, cell, number + 1, 0.05);
        dots(graphics, cell, ordinal, 0.12);
        graphics.dispose();
        return view;
    }

    private static void dots(Graphics2D graphics, int side, int count, double y) {
        for (int i = 0; i < Math.min(count, 12); i++) {
            oval(graphics, side, 0.05 + 0.07 * i, y, 0.05, 0.05);
        }
    }

    /** The PNG file of an image; equal images give equal bytes. */
    static byte[] png(BufferedImage image) {
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The image in a file; empty if it is not one that can be read. */
    static Optional<BufferedImage> read(byte[] file) {
        try {
            return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A digest of the pixels, whatever file they are in. */
    static String digest(BufferedImage image) {
        var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var bytes = ByteBuffer.allocate(4 * pixels.length);
        bytes.asIntBuffer().put(pixels);
        return FormFile.sha256(bytes.array());
    }

    private static Graphics2D graphics(BufferedImage image) {
        var graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        return graphics;
    }

    private static Color colour(String digest, int from, float brightness) {
        int hue = Integer.parseInt(digest.substring(from, from + 4), 16);
        return Color.getHSBColor(hue / 65_536f, 0.55f, brightness);
    }

    private static void oval(Graphics2D graphics, int side, double x, double y, double width, double height) {
        graphics.fillOval(at(side, x), at(side, y), at(side, width), at(side, height));
    }

    private static int at(int side, double share) {
        return (int) Math.round(side * share);
    }
}
