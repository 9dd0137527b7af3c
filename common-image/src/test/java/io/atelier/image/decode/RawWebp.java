package io.atelier.image.decode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Lossless WebP files of known pixels, written as plainly as possible: no transforms, no matches, and a code of eight bits for every value. */
final class RawWebp {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int bits;
    private int count;

    private RawWebp() {}

    /** @param pixels alpha in the highest bits, then red, green and blue */
    static byte[] file(int width, int height, int[] pixels) {
        var webp = new RawWebp();
        webp.put(0x2F, 8);
        webp.put(width - 1, 14);
        webp.put(height - 1, 14);
        // Alpha is used; version 0; no transform, no cache of colours, one group of codes.
        webp.put(1, 1);
        webp.put(0, 3);
        webp.put(0, 1);
        webp.put(0, 1);
        webp.put(0, 1);
        webp.code(280);
        webp.code(256);
        webp.code(256);
        webp.code(256);
        // The code of distances: one symbol of one bit, 0.
        webp.put(1, 1);
        webp.put(0, 3);
        for (int pixel : pixels) {
            webp.value(pixel >> 8);
            webp.value(pixel >> 16);
            webp.value(pixel);
            webp.value(pixel >>> 24);
        }
        webp.put(0, 7);
        var body = webp.bytes.toByteArray();
        int padded = body.length + body.length % 2;
        return ByteBuffer.allocate(20 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(12 + padded)
                .put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII))
                .putInt(body.length)
                .put(body)
                .array();
    }

    /** A code whose first 256 symbols have eight bits. Its lengths are written with a code of two symbols, 0 and 8. */
    private void code(int symbols) {
        put(0, 1);
        put(12 - 4, 4);
        for (int symbol : new int[] {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8}) {
            put(symbol == 0 || symbol == 8 ? 1 : 0, 3);
        }
        put(0, 1);
        for (int symbol = 0; symbol < symbols; symbol++) {
            put(symbol < 256 ? 1 : 0, 1);
        }
    }

    private void value(int sample) {
        put(Integer.reverse(sample & 255) >>> 24, 8);
    }

    private void put(int value, int size) {
        for (int i = 0; i < size; i++) {
            bits |= (value >> i & 1) << count;
            if (++count == 8) {
                bytes.write(bits);
                bits = 0;
                count = 0;
            }
        }
    }
}
