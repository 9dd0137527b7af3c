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

    /** Shorter than deflate allows, which costs next to nothing: so three tokens fit into the bits that are written at once. */
    private static final int LONGEST_CODE = 12;

    private static final int SHORTEST_MATCH = 3;
    private static final int LONGEST_MATCH = 258;
    private static final int TOKENS_AT_ONCE = 3;
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

    /** Of every second literal: two counters in turn are faster than one, which waits for itself. */
    private final int[] otherFrequencies = new int[END_OF_BLOCK];

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
        Arrays.fill(otherFrequencies, 0);
        frequencies[END_OF_BLOCK] = 1;
        var bytes = block;
        int end = filled;
        int count = 0;
        int at = 0;
        int last = -1;
        while (at < end) {
            // The next two are tested together, since few bytes are equal to the one before.
            if (at + 1 < end) {
                int first = bytes[at] & 0xFF;
                int second = bytes[at + 1] & 0xFF;
                if (first != last && second != first) {
                    tokens[count] = (short) first;
                    tokens[count + 1] = (short) second;
                    count += 2;
                    frequencies[first]++;
                    otherFrequencies[second]++;
                    last = second;
                    at += 2;
                    continue;
                }
            }
            int next = bytes[at] & 0xFF;
            int length = next == last ? repetitions(at) : 0;
            if (length >= SHORTEST_MATCH) {
                tokens[count++] = (short) (END_OF_BLOCK + length);
                frequencies[LENGTH_SYMBOL[length]]++;
                at += length;
            } else {
                last = next;
                tokens[count++] = (short) next;
                frequencies[next]++;
                at++;
            }
        }
        for (int symbol = 0; symbol < END_OF_BLOCK; symbol++) {
            frequencies[symbol] += otherFrequencies[symbol];
        }
        return count;
    }

    /** How often the byte at a place is there in a row, as far as a match reaches. */
    private int repetitions(int at) {
        int end = Math.min(filled, at + LONGEST_MATCH);
        int stop = at + 1;
        while (stop < end && block[stop] == block[at]) {
            stop++;
        }
        return stop - at;
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
        // Written without branches: these would be mispredicted for every third token. A token has 12 bits of a code, 5
        // of a length and 1 of a
        // distance at most, so that three of them and 7 bits from before fit into a long.
        var out = stream;
        int to = position;
        long pending = bits;
        int pendingCount = bitCount;
        int last = count - count % TOKENS_AT_ONCE;
        for (int i = 0; i < last; i += TOKENS_AT_ONCE) {
            int first = tokenBits[tokens[i]];
            int second = tokenBits[tokens[i + 1]];
            int third = tokenBits[tokens[i + 2]];
            int size = first & TOKEN_COUNT;
            int sizes = size + (second & TOKEN_COUNT);
            pending |= ((first >>> TOKEN_COUNT_BITS)
                            | (long) (second >>> TOKEN_COUNT_BITS) << size
                            | (long) (third >>> TOKEN_COUNT_BITS) << sizes)
                    << pendingCount;
            pendingCount += sizes + (third & TOKEN_COUNT);
            LONGS.set(out, to, pending);
            to += pendingCount >>> 3;
            pending >>>= pendingCount & ~7;
            pendingCount &= 7;
        }
        position = to;
        bits = pending;
        bitCount = pendingCount;
        for (int i = last; i <= count; i++) {
            int token = tokenBits[tokens[i]];
            put(token >>> TOKEN_COUNT_BITS, token & TOKEN_COUNT);
        }
    }

    private void reserve(int bytes) {
        if (stream.length - position < bytes) {
            stream = Arrays.copyOf(stream, Math.max(stream.length + stream.length / 2, position + bytes));
        }
    }

    /** Appends up to 18 bits, the lowest first. There must be room for eight bytes. */
    private void put(int value, int count) {
        bits |= (long) value << bitCount;
        bitCount += count;
        LONGS.set(stream, position, bits);
        position += bitCount >>> 3;
        bits >>>= bitCount & ~7;
        bitCount &= 7;
    }
}
