package io.atelier.image.png;

import java.util.Arrays;

/** A canonical Huffman code of deflate (RFC 1951 §3.2.2) that fits the frequencies of its symbols. */
final class HuffmanCode {

    private final int[] lengths;
    private final int[] codes;

    /**
     * @param frequencies of the symbols, at least 0 each; a symbol of frequency 0 gets no code
     * @param longest the bits of the longest code that is allowed; two to the power of it must be at least the number of symbols
     */
    HuffmanCode(int[] frequencies, int longest) {
        this.lengths = lengths(frequencies, longest);
        this.codes = codes(lengths);
    }

    /** The bits of a symbol's code, 0 if it has none. */
    int length(int symbol) {
        return lengths[symbol];
    }

    /** A symbol's code, with its first bit lowest, as a deflate stream has it. */
    int code(int symbol) {
        return codes[symbol];
    }

    /** The number of symbols up to the last one with a code. */
    int size() {
        int size = lengths.length;
        while (size > 0 && lengths[size - 1] == 0) {
            size--;
        }
        return size;
    }

    private static int[] lengths(int[] frequencies, int longest) {
        var weights = frequencies.clone();
        while (true) {
            var lengths = unlimited(weights);
            if (Arrays.stream(lengths).max().orElse(0) <= longest) {
                return lengths;
            }
            // Flatter frequencies give a flatter tree; in the end all are 1 and the tree is balanced.
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (weights[i] + 1) / 2;
            }
        }
    }

    /** Huffman's algorithm with two queues: the leaves in the order of their weights, and the inner nodes in the order of their making. */
    private static int[] unlimited(int[] weights) {
        var lengths = new int[weights.length];
        var leaves = new long[weights.length];
        int count = 0;
        for (int symbol = 0; symbol < weights.length; symbol++) {
            if (weights[symbol] > 0) {
                leaves[count++] = (long) weights[symbol] << 16 | symbol;
            }
        }
        if (count == 1) {
            lengths[(int) leaves[0] & 0xFFFF] = 1;
            return lengths;
        }
        Arrays.sort(leaves, 0, count);
        var weight = new long[2 * count];
        var parent = new int[2 * count];
        for (int i = 0; i < count; i++) {
            weight[i] = leaves[i] >>> 16;
        }
        int leaf = 0;
        int inner = count;
        for (int node = count; node < 2 * count - 1; node++) {
            for (int child = 0; child < 2; child++) {
                boolean isLeaf = leaf < count && (inner == node || weight[leaf] <= weight[inner]);
                int next = isLeaf ? leaf++ : inner++;
                weight[node] += weight[next];
                parent[next] = node;
            }
        }
        var depth = new int[2 * count];
        for (int node = 2 * count - 3; node >= 0; node--) {
            depth[node] = depth[parent[node]] + 1;
            if (node < count) {
                lengths[(int) leaves[node] & 0xFFFF] = depth[node];
            }
        }
        return lengths;
    }

    private static int[] codes(int[] lengths) {
        int longest = Arrays.stream(lengths).max().orElse(0);
        var next = new int[longest + 2];
        for (int length : lengths) {
            if (length > 0) {
                next[length + 1]++;
            }
        }
        for (int length = 1; length <= longest; length++) {
            next[length] = (next[length - 1] + next[length]) << 1;
        }
        var codes = new int[lengths.length];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                codes[symbol] = Integer.reverse(next[lengths[symbol]]++) >>> (32 - lengths[symbol]);
            }
        }
        return codes;
    }
}
