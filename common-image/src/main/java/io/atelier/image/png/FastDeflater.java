package io.atelier.image.png;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Adler32;

/**
 * Compresses filtered rows to a zlib stream (RFC 1950 and RFC 1951) with a Huffman code of its own for each block, and no matches but
 * repetitions of the byte before. The rows of photos and drawings contain few other repetitions once they are filtered, and the search for
 * them is nearly all the time that other compressors take. Equal bytes give an equal stream. Not thread-safe.
 */
final class FastDeflater {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The bytes that share a code. Smaller blocks follow the image more closely, but each block has a header of some 100 bytes. */
    private static final int BLOCK = 1 << 16;

    private static final int END_OF_BLOCK = 256;
    private static final int SYMBOLS = 286;
    private static final int LONGEST_CODE = 15;
    private static final int SHORTEST_MATCH = 3;
    private static final int LONGEST_MATCH = 258;
    private static final int TOKEN_COUNT_BITS = 5;
    private static final int TOKEN_COUNT = (1 << TOKEN_COUNT_BITS) - 1;

    /** The order in which a block names the lengths of the codes for code lengths (RFC 1951 §3.2.7). */
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    /** The symbols of the lengths of matches, and how many bits follow each (RFC 1951 §3.2.5). */
    private static final int[] LENGTH_SYMBOL = new int[LONGEST_MATCH + 1];

    private static final int[] LENGTH_BASE = new int[SYMBOLS];
    private static final int[] LENGTH_BITS = new int[SYMBOLS];

    static {
        int length = SHORTEST_MATCH;
        for (int symbol = END_OF_BLOCK + 1; symbol < SYMBOLS - 1; symbol++) {
            LENGTH_BITS[symbol] = Math.max(0, (symbol - 261) / 4);
            LENGTH_BASE[symbol] = length;
            for (int i = 0; i < 1 << LENGTH_BITS[symbol] && length <= LONGEST_MATCH; i++) {
                LENGTH_SYMBOL[length++] = symbol;
            }
        }
        LENGTH_SYMBOL[LONGEST_MATCH] = SYMBOLS - 1;
        LENGTH_BASE[SYMBOLS - 1] = LONGEST_MATCH;
    }

    private final byte[] block = new byte[BLOCK];
    private int filled;

    /** A literal, the end of the block, or the length of a match above that. */
    private final short[] tokens = new short[BLOCK + 1];

    /** The bits of each token, and how many they are. */
    private final int[] tokenBits = new int[END_OF_BLOCK + LONGEST_MATCH + 1];

    private final int[] frequencies = new int[SYMBOLS];
    private final Adler32 checksum = new Adler32();
    private byte[] stream;
    private int position;
    private long bits;
    private int bitCount;

    /** @param expected how many bytes the stream will have, roughly */
    FastDeflater(int expected) {
        stream = new byte[Math.max(1 << 10, expected)];
        // Deflate with a window of 32 KiB; the second byte makes both a multiple of 31.
        stream[position++] = 0x78;
        stream[position++] = 0x01;
    }

    /** Adds bytes to the stream. */
    void write(byte[] bytes, int offset, int length) {
        checksum.update(bytes, offset, length);
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == BLOCK) {
                writeBlock(false);
            }
            int count = Math.min(left, BLOCK - filled);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
            left -= count;
        }
    }

    /** Ends the stream and returns it. Nothing may be written after it. */
    byte[] finish() {
        writeBlock(true);
        reserve(2 * Long.BYTES);
        put(0, -bitCount & 7);
        int sum = (int) checksum.getValue();
        for (int shift = 24; shift >= 0; shift -= 8) {
            stream[position++] = (byte) (sum >>> shift);
        }
        return Arrays.copyOf(stream, position);
    }

    private void writeBlock(boolean isLast) {
        int count = tokenize();
        var literals = new HuffmanCode(frequencies, LONGEST_CODE);
        // A block has at most 15 bits for each byte, and a header of less than 300 bytes.
        reserve(2 * filled + 1024);
        writeHeader(isLast, literals);
        writeTokens(count, literals);
        filled = 0;
    }

    /** Finds the repetitions, and counts the symbols. */
    private int tokenize() {
        Arrays.fill(frequencies, 0);
        frequencies[END_OF_BLOCK] = 1;
        int count = 0;
        int at = 0;
        int last = -1;
        while (at < filled) {
            byte next = block[at];
            if ((next & 0xFF) == last) {
                int end = Math.min(filled, at + LONGEST_MATCH);
                int stop = at + 1;
                while (stop < end && block[stop] == next) {
                    stop++;
                }
                int length = stop - at;
                if (length >= SHORTEST_MATCH) {
                    tokens[count++] = (short) (END_OF_BLOCK + length);
                    frequencies[LENGTH_SYMBOL[length]]++;
                    at = stop;
                    continue;
                }
            }
            last = next & 0xFF;
            tokens[count++] = (short) last;
            frequencies[last]++;
            at++;
        }
        return count;
    }

    private void writeHeader(boolean isLast, HuffmanCode literals) {
        put(isLast ? 1 : 0, 1);
        // A block with codes of its own.
        put(2, 2);
        int size = literals.size();
        var lengths = new int[size + 1];
        for (int symbol = 0; symbol < size; symbol++) {
            lengths[symbol] = literals.length(symbol);
        }
        // The only distance is 1; a code of one symbol has one bit.
        lengths[size] = 1;
        var packed = CodeLengths.pack(lengths);
        var lengthCode = new HuffmanCode(packed.frequencies(), CodeLengths.LONGEST_CODE);
        int named = ORDER.length;
        while (lengthCode.length(ORDER[named - 1]) == 0) {
            named--;
        }
        put(size - 257, 5);
        put(0, 5);
        put(named - 4, 4);
        for (int i = 0; i < named; i++) {
            put(lengthCode.length(ORDER[i]), 3);
        }
        for (int i = 0; i < packed.count(); i++) {
            int symbol = packed.symbol(i);
            put(lengthCode.code(symbol), lengthCode.length(symbol));
            put(packed.repeat(i), CodeLengths.repeatBits(symbol));
        }
    }

    private void writeTokens(int count, HuffmanCode literals) {
        for (int symbol = 0; symbol <= END_OF_BLOCK; symbol++) {
            tokenBits[symbol] = (literals.code(symbol) << TOKEN_COUNT_BITS) | literals.length(symbol);
        }
        for (int length = SHORTEST_MATCH; length <= LONGEST_MATCH; length++) {
            int symbol = LENGTH_SYMBOL[length];
            int code = literals.length(symbol);
            int value = ((length - LENGTH_BASE[symbol]) << code) | literals.code(symbol);
            // The last bit is the code of the distance, 0.
            tokenBits[END_OF_BLOCK + length] = (value << TOKEN_COUNT_BITS) | (code + LENGTH_BITS[symbol] + 1);
        }
        tokens[count] = END_OF_BLOCK;
        // Written without branches: these would be mispredicted for every third token. Two tokens have 42 bits at most.
        var out = stream;
        int to = position;
        long pending = bits;
        int pendingCount = bitCount;
        for (int i = 0; i <= count; i += 2) {
            int token = tokenBits[tokens[i]];
            pending |= (long) (token >>> TOKEN_COUNT_BITS) << pendingCount;
            pendingCount += token & TOKEN_COUNT;
            if (i < count) {
                token = tokenBits[tokens[i + 1]];
                pending |= (long) (token >>> TOKEN_COUNT_BITS) << pendingCount;
                pendingCount += token & TOKEN_COUNT;
            }
            LONGS.set(out, to, pending);
            to += pendingCount >>> 3;
            pending >>>= pendingCount & ~7;
            pendingCount &= 7;
        }
        position = to;
        bits = pending;
        bitCount = pendingCount;
    }

    private void reserve(int bytes) {
        if (stream.length - position < bytes) {
            stream = Arrays.copyOf(stream, Math.max(stream.length + stream.length / 2, position + bytes));
        }
    }

    /** Appends up to 16 bits, the lowest first. There must be room for eight bytes. */
    private void put(int value, int count) {
        bits |= (long) value << bitCount;
        bitCount += count;
        LONGS.set(stream, position, bits);
        position += bitCount >>> 3;
        bits >>>= bitCount & ~7;
        bitCount &= 7;
    }
}
