package io.atelier.gateway.files.format;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Image files for tests, with and without metadata. */
public final class SampleFiles {

    /** A text that must not be found in a file without metadata. */
    public static final String SECRET = "secret-place-52.5N-13.4E";

    private SampleFiles() {}

    /** A file that ImageIO writes. */
    public static byte[] written(String format, int width, int height, int seed) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, new Color((x * 7 + seed) & 255, (y * 5) & 255, (x + y) & 255).getRGB());
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalArgumentException(format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static byte[] png(int width, int height, int seed) {
        return written("png", width, height, seed);
    }

    public static byte[] jpeg(int width, int height, int seed) {
        return written("jpeg", width, height, seed);
    }

    public static byte[] gif(int width, int height, int seed) {
        return written("gif", width, height, seed);
    }

    /** A WebP of one colour, with an extended header and with its chunks of metadata if there are any. */
    public static byte[] webp(int width, int height, byte[]... metadata) {
        var pixels = chunk("VP8L", lossless(width, height));
        if (metadata.length == 0) {
            return riff(pixels);
        }
        var header = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x0C).put(new byte[3]);
        header.put(threeBytes(width - 1)).put(threeBytes(height - 1));
        return riff(joined(chunk("VP8X", header.array()), pixels, joined(metadata)));
    }

    /** The chunk of a RIFF file. */
    public static byte[] chunk(String name, byte[] content) {
        var chunk =
                ByteBuffer.allocate(8 + content.length + (content.length & 1)).order(ByteOrder.LITTLE_ENDIAN);
        return chunk.put(ascii(name)).putInt(content.length).put(content).array();
    }

    public static byte[] riff(byte[] chunks) {
        return joined(
                ascii("RIFF"),
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(4 + chunks.length)
                        .array(),
                ascii("WEBP"),
                chunks);
    }

    /** Exif data with an orientation, a camera and a place, little-endian. */
    public static byte[] exif(int orientation) {
        var maker = ascii(SECRET);
        var tiff = ByteBuffer.allocate(8 + 2 + 2 * 12 + 4 + maker.length).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put(ascii("II")).putShort((short) 42).putInt(8).putShort((short) 2);
        tiff.putShort((short) 0x010F).putShort((short) 2).putInt(maker.length).putInt(8 + 2 + 24 + 4);
        tiff.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        return tiff.putInt(0).put(maker).array();
    }

    /** A JPEG with these segments after its first one, which ImageIO writes as JFIF. */
    public static byte[] withSegments(byte[] jpeg, byte[]... segments) {
        int at = 2 + 2 + (((jpeg[4] & 0xFF) << 8) | (jpeg[5] & 0xFF));
        return joined(Arrays.copyOf(jpeg, at), joined(segments), Arrays.copyOfRange(jpeg, at, jpeg.length));
    }

    public static byte[] segment(int marker, byte[] content) {
        return ByteBuffer.allocate(4 + content.length)
                .put((byte) 0xFF)
                .put((byte) marker)
                .putShort((short) (2 + content.length))
                .put(content)
                .array();
    }

    /** A PNG with these chunks after its header. */
    public static byte[] withChunks(byte[] png, byte[]... chunks) {
        return joined(Arrays.copyOf(png, 33), joined(chunks), Arrays.copyOfRange(png, 33, png.length));
    }

    public static byte[] pngChunk(String name, byte[] content) {
        var crc = new CRC32();
        crc.update(ascii(name));
        crc.update(content);
        return ByteBuffer.allocate(12 + content.length)
                .putInt(content.length)
                .put(ascii(name))
                .put(content)
                .putInt((int) crc.getValue())
                .array();
    }

    public static byte[] joined(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The bytes of an image of one colour: all its codes have one symbol, so that no bits follow the tables. */
    private static byte[] lossless(int width, int height) {
        var bits = new BitWriter();
        bits.write(0x2F, 8);
        bits.write(width - 1, 14);
        bits.write(height - 1, 14);
        bits.write(0, 1); // No alpha
        bits.write(0, 3); // Version
        bits.write(0, 1); // No transform
        bits.write(0, 1); // No colour cache
        bits.write(0, 1); // One group of codes
        for (int code = 0; code < 5; code++) {
            bits.write(1, 1); // Simple
            bits.write(0, 1); // One symbol
            bits.write(1, 1); // Of eight bits
            bits.write(code == 4 ? 0 : 128, 8);
        }
        return bits.bytes();
    }

    private static byte[] threeBytes(int value) {
        return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
    }

    /** Writes bits, least significant first. */
    private static final class BitWriter {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int current;
        private int count;

        void write(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                current |= ((value >> i) & 1) << count;
                if (++count == 8) {
                    out.write(current);
                    current = 0;
                    count = 0;
                }
            }
        }

        byte[] bytes() {
            if (count > 0) {
                out.write(current);
            }
            return out.toByteArray();
        }
    }
}
