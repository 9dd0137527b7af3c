package io.atelier.image.decode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the first image of a GIF file (GIF89a), with its palette and at its place on the screen of the file. Image readers of Java take the
 * image without the screen, and report success for one that ends early; here all of its pixels must be there. Not thread-safe.
 */
final class GifDecoder {

    private static final int HEADER = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2C;
    private static final int TRAILER = 0x3B;
    private static final int GRAPHIC_CONTROL = 0xF9;
    private static final int COLOURS = 256;
    private static final int INDEXED_BYTES_PER_PIXEL = 6;
    private static final int COLOURED_BYTES_PER_PIXEL = 16;

    /** The rows of the four passes of an interlaced image: the first one, and the distance of the next. */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private final byte[] bytes;
    private int at;
    private int transparent = -1;
    private byte[] palette = {};
    private int x;
    private int y;
    private int frameWidth;
    private int frameHeight;
    private boolean interlaced;
    private int width;
    private int height;

    /**
     * Reads a file up to the pixels of its first image.
     *
     * @throws IOException if there is no image
     */
    GifDecoder(byte[] bytes) throws IOException {
        this.bytes = bytes;
        if (bytes.length < HEADER || !new String(bytes, 0, 6, StandardCharsets.ISO_8859_1).matches("GIF8[79]a")) {
            throw new IOException("it ends early");
        }
        at = 6;
        width = nextShort();
        height = nextShort();
        int flags = next();
        at += 2;
        byte @Nullable [] common = palette(flags);
        findImage();
        readDescriptor(common);
    }

    /** The width of the screen, in pixels; of the image if that reaches further. At least 1. */
    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** What decoding and compressing needs for a pixel at most: its index, its colour, and the compressed form, which is copied as it grows. */
    int bytesPerPixel() {
        return fillerIndex() < 0 ? COLOURED_BYTES_PER_PIXEL : INDEXED_BYTES_PER_PIXEL;
    }

    /**
     * Decodes the image. What it does not cover of the screen is transparent.
     *
     * @return with the palette of the file; with red, green, blue and alpha if all 256 colours of the palette are opaque and the screen is not covered
     * @throws IOException if the file is damaged or ends early
     */
    BufferedImage decode() throws IOException {
        int filler = fillerIndex();
        var pixels = new byte[Math.multiplyExact(width, height)];
        if (filler > 0) {
            Arrays.fill(pixels, (byte) filler);
        }
        readPixels(pixels);
        if (filler < 0) {
            return coloured(pixels);
        }
        int size = Math.max(palette.length / 3, filler + 1);
        var colours = colours(size);
        var image = new BufferedImage(
                width,
                height,
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, size, colours, 0, true, -1, DataBuffer.TYPE_BYTE));
        System.arraycopy(pixels, 0, ((DataBufferByte) image.getRaster().getDataBuffer()).getData(), 0, pixels.length);
        return image;
    }

    /**
     * Whether there are images behind the first one, which was decoded.
     *
     * @throws IOException if the file ends before its end was announced or another image begins
     */
    boolean isAnimated() throws IOException {
        return nextBlock() == IMAGE;
    }

    private void findImage() throws IOException {
        if (nextBlock() != IMAGE) {
            throw new IOException("it has no image");
        }
    }

    /** Skips extensions, and returns the kind of the next block. */
    private int nextBlock() throws IOException {
        while (true) {
            int kind = next();
            if (kind == IMAGE || kind == TRAILER) {
                return kind;
            }
            if (kind != EXTENSION) {
                throw new IOException("it is damaged");
            }
            if (next() == GRAPHIC_CONTROL && at + 5 <= bytes.length && bytes[at] == 4) {
                transparent = (bytes[at + 1] & 1) == 1 ? bytes[at + 4] & 0xFF : -1;
            }
            skipParts();
        }
    }

    private void readDescriptor(byte @Nullable [] common) throws IOException {
        x = nextShort();
        y = nextShort();
        frameWidth = nextShort();
        frameHeight = nextShort();
        int flags = next();
        interlaced = (flags & 0x40) != 0;
        byte @Nullable [] own = palette(flags);
        if (own == null && common == null) {
            throw new IOException("its palette is missing");
        }
        palette = own != null ? own : common != null ? common : palette;
        if (frameWidth == 0 || frameHeight == 0) {
            throw new IOException("its size is %d x %d pixels".formatted(frameWidth, frameHeight));
        }
        width = Math.max(width, x + frameWidth);
        height = Math.max(height, y + frameHeight);
        if (transparent * 3 >= palette.length) {
            transparent = -1;
        }
    }

    /** The index of a transparent colour for what the image does not cover; 0 if it covers all; negative if the palette has no place for one. */
    private int fillerIndex() {
        if (frameWidth == width && frameHeight == height) {
            return 0;
        }
        return transparent >= 0 ? transparent : palette.length < 3 * COLOURS ? palette.length / 3 : -1;
    }

    private void readPixels(byte[] pixels) throws IOException {
        var lzw = new LzwDecoder(bytes, at, palette.length / 3);
        for (int[] pass : interlaced ? PASSES : new int[][] {{0, 1}}) {
            for (int row = pass[0]; row < frameHeight; row += pass[1]) {
                lzw.read(pixels, (y + row) * width + x, frameWidth);
            }
        }
        at = lzw.end();
        skipParts();
    }

    private BufferedImage coloured(byte[] pixels) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_4BYTE_ABGR);
        var colours = colours(COLOURS);
        var data = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int row = y; row < y + frameHeight; row++) {
            for (int i = row * width + x; i < row * width + x + frameWidth; i++) {
                int colour = colours[pixels[i] & 0xFF];
                data[4 * i] = (byte) (colour >>> 24);
                data[4 * i + 1] = (byte) colour;
                data[4 * i + 2] = (byte) (colour >> 8);
                data[4 * i + 3] = (byte) (colour >> 16);
            }
        }
        return image;
    }

    /** The colours of the palette, as many as wanted; further ones are transparent. */
    private int[] colours(int size) {
        var colours = new int[size];
        for (int i = 0; i < palette.length / 3; i++) {
            int alpha = i == transparent ? 0 : 0xFF000000;
            colours[i] = alpha
                    | (palette[3 * i] & 0xFF) << 16
                    | (palette[3 * i + 1] & 0xFF) << 8
                    | (palette[3 * i + 2] & 0xFF);
        }
        return colours;
    }

    private byte @Nullable [] palette(int flags) throws IOException {
        if ((flags & 0x80) == 0) {
            return null;
        }
        int length = 3 << ((flags & 7) + 1);
        if (bytes.length - at < length) {
            throw new IOException("it ends early");
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** Skips the parts of a block, and the empty one at its end. */
    private void skipParts() throws IOException {
        for (int length = next(); length > 0; length = next()) {
            at += length;
        }
    }

    private int nextShort() throws IOException {
        return next() | next() << 8;
    }

    private int next() throws IOException {
        if (at >= bytes.length) {
            throw new IOException("it ends early");
        }
        return bytes[at++] & 0xFF;
    }
}
