package io.atelier.generator.engine.diffusion.noise;

/** The 32-bit generator MT19937 of Matsumoto and Nishimura (1998), seeded and read as PyTorch does on a CPU. For one thread. */
final class Mt19937 {

    private static final int WORDS = 624;
    private static final int MIDDLE = 397;
    private static final int MATRIX = 0x9908b0df;
    private static final int HIGH_BIT = 0x80000000;

    private final int[] words = new int[WORDS];
    private int position = WORDS;

    /** Starts from the low 32 bits of the seed; PyTorch ignores the others. */
    Mt19937(long seed) {
        words[0] = (int) seed;
        for (int i = 1; i < WORDS; i++) {
            words[i] = 1812433253 * (words[i - 1] ^ (words[i - 1] >>> 30)) + i;
        }
    }

    /** A uniform float in [0, 1) of 24 bits; takes one word. */
    float uniformFloat() {
        return (next() & 0xffffff) * 0x1p-24f;
    }

    /** A uniform double in [0, 1) of 53 bits; takes two words, the high one first. */
    double uniformDouble() {
        long high = (long) next() << 32;
        return ((high | Integer.toUnsignedLong(next())) & 0x1fffffffffffffL) * 0x1p-53;
    }

    private int next() {
        if (position == WORDS) {
            renew();
        }
        int word = words[position++];
        word ^= word >>> 11;
        word ^= (word << 7) & 0x9d2c5680;
        word ^= (word << 15) & 0xefc60000;
        return word ^ (word >>> 18);
    }

    private void renew() {
        for (int i = 0; i < WORDS; i++) {
            int mixed = (words[i] & HIGH_BIT) | (words[(i + 1) % WORDS] & ~HIGH_BIT);
            words[i] = words[(i + MIDDLE) % WORDS] ^ (mixed >>> 1) ^ ((mixed & 1) * MATRIX);
        }
        position = 0;
    }
}
