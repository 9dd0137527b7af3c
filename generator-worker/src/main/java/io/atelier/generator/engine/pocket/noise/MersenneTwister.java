package io.atelier.generator.engine.pocket.noise;

/** The 32-bit generator MT19937 of Matsumoto and Nishimura (1998), as PyTorch seeds and reads it. Not thread-safe. */
final class MersenneTwister {

    private static final int WORDS = 624;
    private static final int SHIFT = 397;
    private static final int TWIST = 0x9908b0df;
    private static final int UPPER = 0x80000000;

    private final int[] state = new int[WORDS];
    private int next = WORDS;

    /** Starts from the low 32 bits of the seed, as {@code torch.Generator.manual_seed} does on a CPU. */
    MersenneTwister(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < WORDS; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** The next 32 bits. */
    int nextBits() {
        if (next == WORDS) {
            twist();
            next = 0;
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** A uniform float in [0, 1), of 24 bits. */
    float nextFloat() {
        return (nextBits() & 0xffffff) * 0x1p-24f;
    }

    /** A uniform double in [0, 1), of 53 bits; takes two words, the high one first. */
    double nextDouble() {
        long bits = ((long) nextBits() << 32) | Integer.toUnsignedLong(nextBits());
        return (bits & 0x1fffffffffffffL) * 0x1p-53;
    }

    private void twist() {
        for (int i = 0; i < WORDS; i++) {
            int y = (state[i] & UPPER) | (state[(i + 1) % WORDS] & ~UPPER);
            state[i] = state[(i + SHIFT) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : TWIST);
        }
    }
}
