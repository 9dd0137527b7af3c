package io.atelier.image.png;

import static io.atelier.image.png.DeflateSymbols.END_OF_BLOCK;
import static io.atelier.image.png.DeflateSymbols.LONGEST_MATCH;
import static io.atelier.image.png.DeflateSymbols.SHORTEST_MATCH;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The matches of a block: repetitions of the byte before. All other bytes are literals. Not thread-safe. */
final class RunMatches {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;
    private static final int COUNTERS = 4;

    private final byte[] block;
    private final int[] starts;
    private final int[] lengths;
    private final int[] frequencies = new int[DeflateSymbols.LITERALS];

    /** Of literals at the four places in turn: one counter waits for itself when bytes are equal. */
    private final int[][] counters = new int[COUNTERS][END_OF_BLOCK];

    private int filled;
    private int matchCount;

    /** @param block is read by each {@link #find} */
    RunMatches(byte[] block) {
        this.block = block;
        this.starts = new int[block.length / SHORTEST_MATCH + 1];
        this.lengths = new int[block.length / SHORTEST_MATCH + 1];
    }

    /** How often each symbol is needed. Not a copy. */
    int[] frequencies() {
        return frequencies;
    }

    int count() {
        return matchCount;
    }

    /** Where a match begins in the block. */
    int start(int match) {
        return starts[match];
    }

    int length(int match) {
        return lengths[match];
    }

    /**
     * Finds the matches, and counts the symbols.
     *
     * @param length the bytes of the block
     */
    void find(int length) {
        filled = length;
        Arrays.fill(frequencies, 0);
        frequencies[END_OF_BLOCK] = 1;
        matchCount = 0;
        for (var counter : counters) {
            Arrays.fill(counter, 0);
        }
        // The first byte has none before it in the block.
        int at = count(0, Math.min(1, filled));
        while (at + Long.BYTES <= filled) {
            long bytes = (long) LONGS.get(block, at);
            long change = bytes ^ (long) LONGS.get(block, at - 1);
            // The highest bit of each byte that is equal to the one before.
            long equal = ~((change & LOW_BITS) + LOW_BITS | change | LOW_BITS);
            if (equal == 0) {
                countEight(bytes);
                at += Long.BYTES;
                continue;
            }
            long runs = equal & equal >>> 8 & equal >>> 16;
            if (runs == 0) {
                // A run may begin at the last two bytes.
                at = count(at, at + Long.BYTES - 2);
            } else {
                at = addMatch(count(at, at + Long.numberOfTrailingZeros(runs) / Byte.SIZE));
            }
        }
        while (at < filled) {
            boolean isMatch = at > 0 && block[at] == block[at - 1] && repetitions(at) >= SHORTEST_MATCH;
            at = isMatch ? addMatch(at) : count(at, at + 1);
        }
        for (var counter : counters) {
            for (int symbol = 0; symbol < END_OF_BLOCK; symbol++) {
                frequencies[symbol] += counter[symbol];
            }
        }
    }

    /** Counts literals, and returns the end. */
    private int count(int from, int end) {
        for (int at = from; at < end; at++) {
            counters[at & 3][block[at] & 0xFF]++;
        }
        return end;
    }

    private void countEight(long bytes) {
        var first = counters[0];
        var second = counters[1];
        var third = counters[2];
        var fourth = counters[3];
        first[(int) bytes & 0xFF]++;
        second[(int) (bytes >>> 8) & 0xFF]++;
        third[(int) (bytes >>> 16) & 0xFF]++;
        fourth[(int) (bytes >>> 24) & 0xFF]++;
        first[(int) (bytes >>> 32) & 0xFF]++;
        second[(int) (bytes >>> 40) & 0xFF]++;
        third[(int) (bytes >>> 48) & 0xFF]++;
        fourth[(int) (bytes >>> 56)]++;
    }

    /** Adds the match that begins at a place, and returns its end. */
    private int addMatch(int at) {
        int length = repetitions(at);
        starts[matchCount] = at;
        lengths[matchCount++] = length;
        frequencies[DeflateSymbols.ofLength(length)]++;
        return at + length;
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
}
