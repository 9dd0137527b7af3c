package io.atelier.image.png;

/** The symbols of deflate (RFC 1951 §3.2.5 and §3.2.7): literals, the end of a block, lengths and distances of matches. */
final class DeflateSymbols {

    static final int END_OF_BLOCK = 256;
    static final int SHORTEST_MATCH = 3;
    static final int LONGEST_MATCH = 258;

    /** Literals, the end of a block, and lengths. */
    static final int LITERALS = 286;

    static final int DISTANCES = 30;

    /** The order in which a block names the lengths of the codes for code lengths. */
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private static final int[] OF_LENGTH = new int[LONGEST_MATCH + 1];
    private static final int[] LENGTH_BASE = new int[LITERALS];

    static {
        int length = SHORTEST_MATCH;
        for (int symbol = END_OF_BLOCK + 1; symbol < LITERALS - 1; symbol++) {
            LENGTH_BASE[symbol] = length;
            for (int i = 0; i < 1 << lengthBits(symbol) && length <= LONGEST_MATCH; i++) {
                OF_LENGTH[length++] = symbol;
            }
        }
        OF_LENGTH[LONGEST_MATCH] = LITERALS - 1;
        LENGTH_BASE[LITERALS - 1] = LONGEST_MATCH;
    }

    private DeflateSymbols() {}

    /** The symbol of the length of a match. */
    static int ofLength(int length) {
        return OF_LENGTH[length];
    }

    /** The shortest length that a symbol stands for. */
    static int lengthBase(int symbol) {
        return LENGTH_BASE[symbol];
    }

    /** The number of symbols for code lengths. */
    static int codeLengths() {
        return CODE_LENGTH_ORDER.length;
    }

    /** The symbol for a code length that is named at a place, from 0. */
    static int codeLengthAt(int place) {
        return CODE_LENGTH_ORDER[place];
    }

    /** How many bits follow the symbol of a length, one above {@link #END_OF_BLOCK}. */
    static int lengthBits(int symbol) {
        return symbol == LITERALS - 1 ? 0 : Math.max(0, (symbol - 261) / 4);
    }

    /** How many bits follow the symbol of a distance. */
    static int distanceBits(int symbol) {
        return Math.max(0, symbol / 2 - 1);
    }
}
