package io.atelier.image.decode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * GIF files of known pixels, written as plainly as possible: the codes of LZW stand for single pixels, and the table is cleared before codes grow, so
 * that no string is ever used. Files with strings come from another writer.
 */
final class RawGif {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param palette the common palette, with a power of two of colours; empty if there is none */
    RawGif(int width, int height, byte[] palette) {
        out.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
        putShort(width);
        putShort(height);
        out.write(palette.length == 0 ? 0 : 0x80 | sizeBits(palette));
        out.writeBytes(new byte[2]);
        out.writeBytes(palette);
    }

    RawGif transparent(int index) {
        out.writeBytes(new byte[] {0x21, (byte) 0xF9, 4, 1, 0, 0, (byte) index, 0});
        return this;
    }

    /** @param identifier of an application, 11 characters with its code */
    RawGif application(String identifier) {
        out.writeBytes(new byte[] {0x21, (byte) 0xFF, 11});
        out.writeBytes(identifier.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[] {1, 7, 0});
        return this;
    }

    /** @param pixels the indexes, row by row from the top, whatever the order in the file */
    RawGif image(int x, int y, int[][] pixels, boolean interlaced) {
        out.write(0x2C);
        putShort(x);
        putShort(y);
        putShort(pixels[0].length);
        putShort(pixels.length);
        out.write(interlaced ? 0x40 : 0);
        out.write(8);
        var codes = new ByteArrayOutputStream();
        long bits = 0;
        int count = 0;
        int sinceClear = 200;
        for (int[] pass : interlaced ? new int[][] {{0, 8}, {4, 8}, {2, 4}, {1, 2}} : new int[][] {{0, 1}}) {
            for (int row = pass[0]; row < pixels.length; row += pass[1]) {
                for (int pixel : pixels[row]) {
                    if (sinceClear++ == 200) {
                        sinceClear = 1;
                        bits |= 256L << count;
                        count += 9;
                    }
                    bits |= (long) pixel << count;
                    for (count += 9; count >= 8; count -= 8) {
                        codes.write((int) bits);
                        bits >>= 8;
                    }
                }
            }
        }
        bits |= 257L << count;
        for (count += 9; count > 0; count -= 8) {
            codes.write((int) bits);
            bits >>= 8;
        }
        var all = codes.toByteArray();
        for (int from = 0; from < all.length; from += 255) {
            int length = Math.min(255, all.length - from);
            out.write(length);
            out.write(all, from, length);
        }
        out.write(0);
        return this;
    }

    byte[] file() {
        var end = new ByteArrayOutputStream();
        end.writeBytes(out.toByteArray());
        end.write(0x3B);
        return end.toByteArray();
    }

    private void putShort(int value) {
        out.write(value);
        out.write(value >> 8);
    }

    private static int sizeBits(byte[] palette) {
        return Integer.numberOfTrailingZeros(palette.length / 3) - 1;
    }
}
