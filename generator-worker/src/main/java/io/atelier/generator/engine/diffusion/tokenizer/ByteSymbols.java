package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Map;

/**
 * The ids of single bytes in a byte-level vocabulary, where each byte is written as one visible character (Radford et al., 2019): printable
 * Latin-1 characters as themselves, the others from U+0100 on. The last byte of a word has an id of its own. Immutable.
 */
final class ByteSymbols {

    /** The mark of a symbol at the end of a word. */
    static final String END_OF_WORD = "</w>";

    private static final int BYTES = 256;

    private final int[] inner = new int[BYTES];
    private final int[] last = new int[BYTES];

    /**
     * Reads the ids.
     *
     * @param unknown the id of bytes that the vocabulary lacks
     */
    ByteSymbols(Map<String, Integer> vocabulary, int unknown) {
        int other = BYTES;
        for (int b = 0; b < BYTES; b++) {
            var name = Character.toString(isPrintable(b) ? b : other++);
            inner[b] = vocabulary.getOrDefault(name, unknown);
            last[b] = vocabulary.getOrDefault(name + END_OF_WORD, unknown);
        }
    }

    int inner(byte b) {
        return inner[Byte.toUnsignedInt(b)];
    }

    int last(byte b) {
        return last[Byte.toUnsignedInt(b)];
    }

    private static boolean isPrintable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    }
}
