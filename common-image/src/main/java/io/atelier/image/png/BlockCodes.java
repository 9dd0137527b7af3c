package io.atelier.image.png;

import static io.atelier.image.png.DeflateSymbols.DISTANCES;
import static io.atelier.image.png.DeflateSymbols.END_OF_BLOCK;
import static io.atelier.image.png.DeflateSymbols.LITERALS;

import java.util.Arrays;

/**
 * The codes of a block of deflate. The tables have entries: of a literal, positive, the byte at {@link #LITERAL_SHIFT}; of a length or distance,
 * negative, its base at {@link #BASE_SHIFT} and the number of further bits at {@link #FURTHER_SHIFT}. A length with the base 0 ends the block, or is
 * not allowed if it has further bits; a distance with the base 0 is not allowed.
 *
 * @param literals literals, the end of the block, and lengths
 */
record BlockCodes(DecodingTable literals, DecodingTable distances) {

    static final int LITERAL_SHIFT = 8;
    static final int BASE_SHIFT = 11;
    static final int BASE_MASK = 0xFFFF;
    static final int FURTHER_SHIFT = 6;
    static final int FURTHER_MASK = 15;

    private static final int NO_LITERAL = 1 << 31;

    /** The fixed codes have two symbols more of each kind, which are not allowed. */
    private static final int[] LITERAL_ENTRIES = new int[LITERALS + 2];

    private static final int[] DISTANCE_ENTRIES = new int[DISTANCES + 2];
    private static final int[] CODE_LENGTH_ENTRIES = new int[DeflateSymbols.codeLengths()];

    /** The codes of RFC 1951 §3.2.6. */
    static final BlockCodes FIXED;

    static {
        Arrays.fill(CODE_LENGTH_ENTRIES, NO_LITERAL);
        for (int symbol = 0; symbol < END_OF_BLOCK; symbol++) {
            // A literal of 0 would be no entry at all, so each has a bit of its own.
            LITERAL_ENTRIES[symbol] = 1 << 16 | symbol << LITERAL_SHIFT;
        }
        LITERAL_ENTRIES[END_OF_BLOCK] = NO_LITERAL;
        for (int symbol = END_OF_BLOCK + 1; symbol < LITERALS; symbol++) {
            LITERAL_ENTRIES[symbol] = entry(DeflateSymbols.lengthBase(symbol), DeflateSymbols.lengthBits(symbol));
        }
        LITERAL_ENTRIES[LITERALS] = entry(0, 1);
        LITERAL_ENTRIES[LITERALS + 1] = entry(0, 1);
        int base = 1;
        for (int symbol = 0; symbol < DISTANCES; symbol++) {
            DISTANCE_ENTRIES[symbol] = entry(base, DeflateSymbols.distanceBits(symbol));
            base += 1 << DeflateSymbols.distanceBits(symbol);
        }
        DISTANCE_ENTRIES[DISTANCES] = entry(0, 0);
        DISTANCE_ENTRIES[DISTANCES + 1] = entry(0, 0);
        FIXED = fixed();
    }

    private static int entry(int base, int further) {
        return NO_LITERAL | base << BASE_SHIFT | further << FURTHER_SHIFT;
    }

    private static BlockCodes fixed() {
        var lengths = new int[LITERALS + 2];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
        }
        var fives = new int[DISTANCES + 2];
        Arrays.fill(fives, 5);
        try {
            return new BlockCodes(
                    new DecodingTable(lengths, LITERAL_ENTRIES, false),
                    new DecodingTable(fives, DISTANCE_ENTRIES, false));
        } catch (PngFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads the codes of a block (RFC 1951 §3.2.7). */
    static BlockCodes read(DeflateBits bits) throws PngFormatException {
        int literalCount = bits.take(5) + 257;
        int distanceCount = bits.take(5) + 1;
        int lengthCount = bits.take(4) + 4;
        if (literalCount > LITERALS || distanceCount > DISTANCES) {
            throw PngFormatException.damagedData();
        }
        var ofLengths = new int[DeflateSymbols.codeLengths()];
        for (int i = 0; i < lengthCount; i++) {
            ofLengths[DeflateSymbols.codeLengthAt(i)] = bits.take(3);
        }
        var lengths = readLengths(
                bits, new DecodingTable(ofLengths, CODE_LENGTH_ENTRIES, false), literalCount + distanceCount);
        if (lengths[END_OF_BLOCK] == 0) {
            throw PngFormatException.damagedData();
        }
        return new BlockCodes(
                new DecodingTable(Arrays.copyOf(lengths, literalCount), LITERAL_ENTRIES, true),
                new DecodingTable(Arrays.copyOfRange(lengths, literalCount, lengths.length), DISTANCE_ENTRIES, true));
    }

    private static int[] readLengths(DeflateBits bits, DecodingTable code, int total) throws PngFormatException {
        var lengths = new int[total];
        int count = 0;
        while (count < total) {
            bits.fill();
            int symbol = bits.takeSymbol(code);
            if (symbol < 16) {
                lengths[count++] = symbol;
                continue;
            }
            if (symbol == 16 && count == 0) {
                throw PngFormatException.damagedData();
            }
            int repeated = symbol == 16 ? lengths[count - 1] : 0;
            int times = symbol == 16 ? 3 + bits.take(2) : symbol == 17 ? 3 + bits.take(3) : 11 + bits.take(7);
            if (times > total - count) {
                throw PngFormatException.damagedData();
            }
            Arrays.fill(lengths, count, count + times, repeated);
            count += times;
        }
        return lengths;
    }

    /** Takes a literal, a length or the end of the block, and returns its entry. The bits must be filled or the last ones. */
    int takeLiteral(DeflateBits bits) throws PngFormatException {
        return take(bits, literals, LITERAL_ENTRIES);
    }

    /** Takes a distance. The bits must be filled or the last ones. */
    int takeDistance(DeflateBits bits) throws PngFormatException {
        int entry = take(bits, distances, DISTANCE_ENTRIES);
        return base(entry) + bits.takeFilled(further(entry));
    }

    /** The number of an entry for a length, to which the further bits are added. */
    static int base(int entry) {
        return entry >>> BASE_SHIFT & BASE_MASK;
    }

    /** How many further bits an entry for a length has. */
    static int further(int entry) {
        return entry >>> FURTHER_SHIFT & FURTHER_MASK;
    }

    private static int take(DeflateBits bits, DecodingTable table, int[] entryOf) throws PngFormatException {
        int entry = table.entries()[(int) bits.bits & (table.entries().length - 1)];
        if (entry == DecodingTable.NOT_HERE) {
            return entryOf[bits.takeSymbol(table)];
        }
        bits.drop(entry & DecodingTable.LENGTH_MASK);
        return entry;
    }
}
