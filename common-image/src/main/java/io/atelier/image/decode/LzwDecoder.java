package io.atelier.image.decode;

import java.io.IOException;

/** Decompresses the pixels of a GIF: LZW with codes that grow from at most 9 to 12 bits, in parts of up to 255 bytes. Not thread-safe. */
final class LzwDecoder {

    private static final int LONGEST_CODE = 12;

    private final byte[] bytes;
    private final int colours;
    private final int clear;
    private final short[] prefixes = new short[1 << LONGEST_CODE];
    private final byte[] suffixes = new byte[1 << LONGEST_CODE];

    /** The pixels of the last code that were not yet delivered, the next one on top. */
    private final byte[] waiting = new byte[1 << LONGEST_CODE];

    private int waitingCount;
    private int at;
    private int partEnd;
    private int bits;
    private int bitCount;
    private int codeSize;
    private int entries;
    private int previous = -1;
    private byte first;

    /**
     * @param at where the size of the codes stands, behind which the parts begin
     * @param colours of the palette
     * @throws IOException if the size is impossible
     */
    LzwDecoder(byte[] bytes, int at, int colours) throws IOException {
        this.bytes = bytes;
        this.colours = colours;
        int size = at < bytes.length ? bytes[at] & 0xFF : 0;
        if (size < 1 || size > 8) {
            throw new IOException(at < bytes.length ? "it is damaged" : "it ends early");
        }
        this.clear = 1 << size;
        this.at = at + 1;
        this.partEnd = this.at;
        for (int i = 0; i < clear; i++) {
            suffixes[i] = (byte) i;
        }
        reset();
    }

    /**
     * Reads the next pixels.
     *
     * @throws IOException if there are fewer, or the data is damaged
     */
    void read(byte[] target, int offset, int length) throws IOException {
        int end = offset + length;
        for (int to = offset; to < end; to++) {
            if (waitingCount == 0) {
                readString();
            }
            byte pixel = waiting[--waitingCount];
            if ((pixel & 0xFF) >= colours) {
                throw new IOException("a pixel has a colour that is not in the palette");
            }
            target[to] = pixel;
        }
    }

    /** Where the next part begins, or the empty one. */
    int end() {
        return partEnd;
    }

    private void readString() throws IOException {
        int code = nextCode();
        while (code == clear) {
            reset();
            code = nextCode();
        }
        if (code == clear + 1) {
            throw new IOException("its image data ends early");
        }
        if (code > entries || (code == entries && previous < 0)) {
            throw new IOException("its image data is damaged");
        }
        int rest = code;
        if (code == entries) {
            // The string that is just being made: the previous one and its first pixel.
            waiting[waitingCount++] = first;
            rest = previous;
        }
        while (rest >= clear) {
            waiting[waitingCount++] = suffixes[rest];
            rest = prefixes[rest];
        }
        first = (byte) rest;
        waiting[waitingCount++] = first;
        if (previous >= 0 && entries < 1 << LONGEST_CODE) {
            prefixes[entries] = (short) previous;
            suffixes[entries] = first;
            entries++;
            if (entries == 1 << codeSize && codeSize < LONGEST_CODE) {
                codeSize++;
            }
        }
        previous = code;
    }

    private void reset() {
        entries = clear + 2;
        codeSize = Integer.numberOfTrailingZeros(clear) + 1;
        previous = -1;
    }

    private int nextCode() throws IOException {
        while (bitCount < codeSize) {
            if (at == partEnd) {
                int length = at < bytes.length ? bytes[at] & 0xFF : 1;
                if (length == 0) {
                    throw new IOException("its image data ends early");
                }
                if (bytes.length - at <= length) {
                    throw new IOException("it ends early");
                }
                at++;
                partEnd = at + length;
            }
            bits |= (bytes[at++] & 0xFF) << bitCount;
            bitCount += Byte.SIZE;
        }
        int code = bits & ((1 << codeSize) - 1);
        bits >>>= codeSize;
        bitCount -= codeSize;
        return code;
    }
}
