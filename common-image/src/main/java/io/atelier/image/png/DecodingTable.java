package io.atelier.image.png;

/**
 * Decodes the symbols of a canonical Huffman code of deflate (RFC 1951 §3.2.2): codes up to {@link #TABLE_BITS} bits by one look into a table,
 * longer ones, which are rare, bit by bit.
 */
final class DecodingTable {

    /** Codes of {@link FastDeflater} are no longer. A larger table costs more than it saves, since it is filled for each block. */
    static final int TABLE_BITS = 12;

    /** A code that is not in the table, or none. */
    static final int NOT_HERE = 0;

    /** The lowest bits of an entry and of what {@link #decode} returns: the length of the code. */
    static final int LENGTH_BITS = 6;

    static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;

    private static final int LONGEST_CODE = 15;

    /** How many symbols have a code of each length, and the symbols in the order of their codes. */
    private final int[] counts = new int[LONGEST_CODE + 1];

    private final int[] symbols;
    private final int[] entries;

    /**
     * Fills the table.
     *
     * @param lengths the bits of each symbol's code; 0 for a symbol without a code
     * @param entryOf what the table has for each symbol, not 0, with zeros in its lowest six bits, which become the length of the code
     * @param mayBeIncomplete whether a single code of one bit is allowed, and no code at all
     * @throws PngFormatException if the lengths make no prefix code
     */
    DecodingTable(int[] lengths, int[] entryOf, boolean mayBeIncomplete) throws PngFormatException {
        for (int length : lengths) {
            counts[length]++;
        }
        int coded = lengths.length - counts[0];
        counts[0] = 0;
        var starts = new int[LONGEST_CODE + 2];
        int free = 1;
        int longest = 0;
        for (int length = 1; length <= LONGEST_CODE; length++) {
            free = (free << 1) - counts[length];
            if (free < 0) {
                throw PngFormatException.damagedData();
            }
            starts[length + 1] = starts[length] + counts[length];
            longest = counts[length] > 0 ? length : longest;
        }
        if (free > 0 && !(mayBeIncomplete && longest <= 1)) {
            throw PngFormatException.damagedData();
        }
        symbols = new int[coded];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[starts[lengths[symbol]]++] = symbol;
            }
        }
        int bits = Math.max(1, Math.min(longest, TABLE_BITS));
        entries = new int[1 << bits];
        int code = 0;
        int next = 0;
        for (int length = 1; length <= bits; length++) {
            code <<= 1;
            for (int i = 0; i < counts[length]; i++) {
                int entry = entryOf[symbols[next++]] | length;
                // The first bit of a code is the lowest one of the stream.
                for (int at = Integer.reverse(code) >>> (32 - length); at < entries.length; at += 1 << length) {
                    entries[at] = entry;
                }
                code++;
            }
        }
    }

    /** The table, whose length is a power of two; its index is the next bits of the stream, the first one lowest. */
    int[] entries() {
        return entries;
    }

    /**
     * Decodes any code.
     *
     * @param bits the next bits of the stream, the first one lowest
     * @return the symbol {@code << 6}, plus the bits of its code; negative if these bits are no code
     */
    int decode(long bits) {
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST_CODE; length++) {
            code |= (int) (bits >>> (length - 1)) & 1;
            int count = counts[length];
            if (code - count < first) {
                return symbols[index + code - first] << LENGTH_BITS | length;
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return -1;
    }
}
