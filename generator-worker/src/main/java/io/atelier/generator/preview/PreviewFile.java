package io.atelier.generator.preview;

import io.atelier.image.jpeg.JpegWriter;
import io.atelier.image.png.PngTextChunks;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Optional;

/** A preview as a JPEG of at most a number of bytes. */
final class PreviewFile {

    private static final JpegWriter JPEG = new JpegWriter();
    private static final int QUALITY = 80;

    private final byte[] bytes;
    private final int width;
    private final int height;

    private PreviewFile(byte[] bytes, int width, int height) {
        this.bytes = bytes;
        this.width = width;
        this.height = height;
    }

    /**
     * Encodes an image, in half its size as often as the limit needs.
     *
     * @param text what the file says of itself
     * @param maxBytes of the file; an image of one pixel may have more
     */
    static PreviewFile of(BufferedImage pixels, PngTextChunks text, int maxBytes) {
        var image = pixels;
        var bytes = JPEG.write(image, Optional.empty(), QUALITY, text);
        while (bytes.length > maxBytes && image.getWidth() * image.getHeight() > 1) {
            image = halved(image);
            bytes = JPEG.write(image, Optional.empty(), QUALITY, text);
        }
        return new PreviewFile(bytes, image.getWidth(), image.getHeight());
    }

    byte[] bytes() {
        return bytes;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    private static BufferedImage halved(BufferedImage image) {
        int width = Math.max(1, image.getWidth() / 2);
        int height = Math.max(1, image.getHeight() / 2);
        var smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var graphics = smaller.createGraphics();
        // In half the size, this is the mean of 2 x 2 pixels.
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return smaller;
    }
}
