package io.atelier.generator.engine;

import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import java.awt.image.BufferedImage;

/**
 * The part of an image that an engine is to change. Servers say the same in two ways, so both can be written. Immutable.
 *
 * <p>A mask image changes what is transparent in it. If no pixel is transparent, it changes what is white.
 */
public final class EditMask {

    private static final int OPAQUE = 255;

    private final int width;
    private final int height;
    private final byte[] changes;

    private EditMask(int width, int height, byte[] changes) {
        this.width = width;
        this.height = height;
        this.changes = changes;
    }

    /** The mask of a mask image. */
    public static EditMask of(PngImage image) {
        return of(image.raster().toBufferedImage());
    }

    /** The mask of the pixels of a mask image. */
    public static EditMask of(BufferedImage pixels) {
        int width = pixels.getWidth();
        int height = pixels.getHeight();
        boolean isTransparent = hasTransparency(pixels);
        var changes = new byte[width * height];
        var line = new int[width];
        for (int y = 0; y < height; y++) {
            pixels.getRGB(0, y, width, 1, line, 0, width);
            for (int x = 0; x < width; x++) {
                changes[y * width + x] = (byte) (isTransparent ? OPAQUE - (line[x] >>> 24) : luminance(line[x]));
            }
        }
        return new EditMask(width, height, changes);
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** How much the pixel changes, from 0 to 255. */
    public int change(int x, int y) {
        return changes[y * width + x] & 0xFF;
    }

    /** A PNG that is transparent where the image changes, and black elsewhere. */
    public byte[] transparentPng() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        var line = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                line[x] = (OPAQUE - (changes[y * width + x] & 0xFF)) << 24;
            }
            image.setRGB(0, y, width, 1, line, 0, width);
        }
        return new PngWriter().write(image, PngTextChunks.NONE);
    }

    /** A grey PNG that is white where the image changes, and black elsewhere. */
    public byte[] whitePng() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, width, height, changes);
        return new PngWriter().write(image, PngTextChunks.NONE);
    }

    private static boolean hasTransparency(BufferedImage pixels) {
        if (!pixels.getColorModel().hasAlpha()) {
            return false;
        }
        var line = new int[pixels.getWidth()];
        for (int y = 0; y < pixels.getHeight(); y++) {
            for (int argb : pixels.getRGB(0, y, line.length, 1, line, 0, line.length)) {
                if (argb >>> 24 < OPAQUE) {
                    return true;
                }
            }
        }
        return false;
    }

    /** As in ITU-R BT.601. */
    private static int luminance(int rgb) {
        int red = (rgb >> 16) & 0xFF;
        int green = (rgb >> 8) & 0xFF;
        int blue = rgb & 0xFF;
        return (299 * red + 587 * green + 114 * blue + 500) / 1000;
    }
}
