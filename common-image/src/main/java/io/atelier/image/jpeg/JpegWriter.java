package io.atelier.image.jpeg;

import io.atelier.image.png.PngHeader;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.VisibleCharacters;
import io.atelier.image.raster.EightBitImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes images as baseline JPEG files (JFIF) with 8 bits per channel; the encoder is the JDK's. Grey stays grey, transparent pixels are laid
 * on white, and the ICC profile is kept. Text chunks become comments of the form {@code name: text}; XMP becomes a segment APP1. Thread-safe.
 */
public final class JpegWriter {

    private static final String XMP_NAME = "http://ns.adobe.com/xap/1.0/";
    private static final String PROFILE_NAME = "ICC_PROFILE";
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP2 = 0xE2;
    private static final int COMMENT = 0xFE;

    /** The largest content of a segment; its length has two bytes and counts itself. */
    private static final int MAX_SEGMENT = 65_533;

    /** Where the colour space is in an ICC profile, and its length. */
    private static final int PROFILE_SPACE = 16;

    private static final int PROFILE_SPACE_LENGTH = 4;

    /** What writing an image needs for a pixel at most beside its samples, in bytes: two Java images, the file, and a copy with its segments. */
    public static final int BYTES_PER_PIXEL = 14;

    /** What writing an image needs at most beside its samples, in bytes. */
    public static long memory(PngHeader header) {
        return BYTES_PER_PIXEL * header.pixels();
    }

    /**
     * The bytes of the file in the size of the image. Equal images and texts result in equal bytes.
     *
     * @param quality from 0 for the smallest file to 100 for the best image
     */
    public byte[] write(PngRaster raster, int quality, PngTextChunks text) {
        return write(EightBitImages.of(raster), raster.profile(), quality, text);
    }

    /**
     * The bytes of the file.
     *
     * @param image with 8 bits per channel, grey or RGB, with or without alpha
     * @param profile the ICC profile of its values; left out if it is none of grey for grey, or of RGB for RGB
     * @param quality from 0 for the smallest file to 100 for the best image
     */
    public byte[] write(BufferedImage image, Optional<byte[]> profile, int quality, PngTextChunks text) {
        var opaque = EightBitImages.beforeWhite(image);
        var file = encode(opaque, quality);
        var out = new ByteArrayOutputStream(file.length + 1_024);
        int start = afterApp0(file);
        out.write(file, 0, start);
        var name = XMP_NAME + "\0";
        text.xmp(MAX_SEGMENT - name.length())
                .ifPresent(packet -> segment(out, APP1, name, packet.getBytes(StandardCharsets.UTF_8)));
        boolean isGrey = opaque.getRaster().getNumBands() == 1;
        profile.filter(bytes -> space(bytes).equals(isGrey ? "GRAY" : "RGB ")).ifPresent(bytes -> profile(out, bytes));
        text.entries().forEach((keyword, value) -> {
            if (!keyword.equals(PngTextChunks.XMP_KEYWORD)) {
                comment(out, keyword + ": " + VisibleCharacters.of(value));
            }
        });
        out.write(file, start, file.length - start);
        return out.toByteArray();
    }

    private static byte[] encode(BufferedImage image, int quality) {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            var parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality / 100f);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** Behind the segment JFIF, which must be the first one. */
    private static int afterApp0(byte[] file) {
        int length = (file[4] & 0xFF) << 8 | (file[5] & 0xFF);
        return (file[3] & 0xFF) == APP0 ? 4 + length : 2;
    }

    private static String space(byte[] profile) {
        return profile.length < PROFILE_SPACE + PROFILE_SPACE_LENGTH
                ? ""
                : new String(profile, PROFILE_SPACE, PROFILE_SPACE_LENGTH, StandardCharsets.US_ASCII);
    }

    /** The profile in as many segments as it needs, at most 255 (ICC.1:2022, annex B.4). */
    private static void profile(ByteArrayOutputStream out, byte[] profile) {
        int part = MAX_SEGMENT - PROFILE_NAME.length() - 3;
        int count = (profile.length + part - 1) / part;
        for (int number = 1; number <= count; number++) {
            int from = (number - 1) * part;
            var bytes = Arrays.copyOfRange(profile, from, Math.min(profile.length, from + part));
            segment(out, APP2, PROFILE_NAME + "\0" + (char) number + (char) count, bytes);
        }
    }

    /** A text that is longer than a segment continues in the next one. */
    private static void comment(ByteArrayOutputStream out, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + MAX_SEGMENT);
            // Not within a character.
            while (to < bytes.length && (bytes[to] & 0xC0) == 0x80) {
                to--;
            }
            segment(out, COMMENT, "", Arrays.copyOfRange(bytes, from, to));
            from = to;
        }
    }

    private static void segment(ByteArrayOutputStream out, int marker, String name, byte[] content) {
        int length = 2 + name.length() + content.length;
        if (length > MAX_SEGMENT + 2) {
            throw new IllegalArgumentException("A segment of %d bytes does not fit.".formatted(length));
        }
        out.write(0xFF);
        out.write(marker);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(content);
    }
}
