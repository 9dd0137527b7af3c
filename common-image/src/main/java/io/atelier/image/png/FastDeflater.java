package io.atelier.image.png;

import static io.atelier.image.png.DeflateSymbols.END_OF_BLOCK;
import static io.atelier.image.png.DeflateSymbols.LONGEST_MATCH;
import static io.atelier.image.png.DeflateSymbols.SHORTEST_MATCH;

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

    private static final int SMALLEST_BLOCK = 1 << 10;

    /** Shorter than deflate allows, which costs next to nothing: so four literals fit into the bits that are written at once. */
    private static final int LONGEST_CODE = 12;

    private static final int LITERALS_AT_ONCE = 4;
    private static final int SIZE_BITS = 5;
    private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;

    private final byte[] block;
    private int filled;

    private final RunMatches matches;

    /** The bits of each literal and of the end of the block, and above them those of each length of a match; with their number. */
    private final int[] coded = new int[END_OF_BLOCK + LONGEST_MATCH + 1];

    private final Adler32 checksum = new Adler32();
    private byte[] stream;
    private int position;
    private long bits;
    private int bitCount;

    /**
     * @param length how many bytes will be written, roughly: small images need small buffers
     * @param expected how many bytes the stream will have, roughly
     */
    FastDeflater(long length, int expected) {
        block = new byte[(int) Math.min(BLOCK, Math.max(SMALLEST_BLOCK, length))];
        matches = new RunMatches(block);
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
            if (filled == block.length) {
                writeBlock(false);
            }
            int count = Math.min(left, block.length - filled);
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
        matches.find(filled);
        var literals = new HuffmanCode(matches.frequencies(), LONGEST_CODE);
        // A block has at most 15 bits for each byte, and a header of less than 300 bytes.
        reserve(2 * filled + 1024);
        writeHeader(isLast, literals);
        encode(literals);
        writeTokens();
        filled = 0;
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
        int named = DeflateSymbols.codeLengths();
        while (lengthCode.length(DeflateSymbols.codeLengthAt(named - 1)) == 0) {
            named--;
        }
        put(size - 257, 5);
        put(0, 5);
        put(named - 4, 4);
        for (int i = 0; i < named; i++) {
            put(lengthCode.length(DeflateSymbols.codeLengthAt(i)), 3);
        }
        for (int i = 0; i < packed.count(); i++) {
            int symbol = packed.symbol(i);
            put(lengthCode.code(symbol), lengthCode.length(symbol));
            put(packed.repeat(i), CodeLengths.repeatBits(symbol));
        }
    }

    private void encode(HuffmanCode literals) {
        for (int symbol = 0; symbol <= END_OF_BLOCK; symbol++) {
            coded[symbol] = (literals.code(symbol) << SIZE_BITS) | literals.length(symbol);
        }
        for (int length = SHORTEST_MATCH; length <= LONGEST_MATCH; length++) {
            int symbol = DeflateSymbols.ofLength(length);
            int code = literals.length(symbol);
            int value = ((length - DeflateSymbols.lengthBase(symbol)) << code) | literals.code(symbol);
            // The last bit is the code of the distance, 0.
            coded[END_OF_BLOCK + length] = (value << SIZE_BITS) | (code + DeflateSymbols.lengthBits(symbol) + 1);
        }
    }

    private void writeTokens() {
        int at = 0;
        for (int i = 0; i < matches.count(); i++) {
            writeLiterals(at, matches.start(i));
            put(coded[END_OF_BLOCK + matches.length(i)]);
            at = matches.start(i) + matches.length(i);
        }
        writeLiterals(at, filled);
        put(coded[END_OF_BLOCK]);
    }

    /** Writes the literals at {@code from..end - 1} without branches, which would be mispredicted for every third one. */
    private void writeLiterals(int from, int end) {
        var in = block;
        var codes = coded;
        var out = stream;
        int to = position;
        long pending = bits;
        int pendingCount = bitCount;
        int at = from;
        for (; at <= end - LITERALS_AT_ONCE; at += LITERALS_AT_ONCE) {
            int first = codes[in[at] & 0xFF];
            int second = codes[in[at + 1] & 0xFF];
            int third = codes[in[at + 2] & 0xFF];
            int fourth = codes[in[at + 3] & 0xFF];
            int one = first & SIZE_MASK;
            int two = one + (second & SIZE_MASK);
            int three = two + (third & SIZE_MASK);
            // At most 12 bits each and 7 bits from before.
            pending |= ((first >>> SIZE_BITS)
                            | (long) (second >>> SIZE_BITS) << one
                            | (long) (third >>> SIZE_BITS) << two
                            | (long) (fourth >>> SIZE_BITS) << three)
                    << pendingCount;
            pendingCount += three + (fourth & SIZE_MASK);
            LONGS.set(out, to, pending);
            to += pendingCount >>> 3;
            pending >>>= pendingCount & ~7;
            pendingCount &= 7;
        }
        position = to;
        bits = pending;
        bitCount = pendingCount;
        for (; at < end; at++) {
            put(codes[in[at] & 0xFF]);
        }
    }

    private void put(int codedBits) {
        put(codedBits >>> SIZE_BITS, codedBits & SIZE_MASK);
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
