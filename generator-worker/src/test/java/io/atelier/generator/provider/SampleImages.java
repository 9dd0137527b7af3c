package io.atelier.generator.provider;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;

/** Image files as providers send them. */
public final class SampleImages {

    private SampleImages() {}

    public static byte[] png(int width, int height) {
        return png(width, height, 0);
    }

    /** Each seed gives another image. */
    public static byte[] png(int width, int height, long seed) {
        return file(width, height, new Color((int) (Color.ORANGE.getRGB() + 40 * seed)), "png");
    }

    public static byte[] jpeg(int width, int height) {
        return file(width, height, Color.ORANGE, "jpeg");
    }

    /** A small JPEG whose header claims another size. */
    public static byte[] jpegClaiming(int width, int height) {
        var jpeg = jpeg(16, 16);
        int frame = 2;
        while ((jpeg[frame] & 0xFF) != 0xFF || (jpeg[frame + 1] & 0xFF) != 0xC0) {
            frame++;
        }
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
        return jpeg;
    }

    private static byte[] file(int width, int height, Color corner, String format) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setPaint(new GradientPaint(0, 0, corner, width, height, Color.BLUE));
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
