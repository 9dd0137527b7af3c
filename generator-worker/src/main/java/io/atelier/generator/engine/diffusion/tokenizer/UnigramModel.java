package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;

/**
 * A unigram language model (Kudo, 2018): splits a word so that the sum of the pieces' log probabilities is largest. Characters without a piece are
 * unknown; neighbouring ones are one token. Immutable.
 */
final class UnigramModel {

    private static final double UNKNOWN_PENALTY = 10;

    private final PieceTrie trie;
    private final double[] scores;
    private final int unknown;
    private final double unknownScore;

    /**
     * Creates the model.
     *
     * @param trie all pieces that text may become, which control tokens are not
     * @param scores log probability of each id
     */
    UnigramModel(PieceTrie trie, double[] scores, int unknown) {
        this.trie = trie;
        this.scores = scores.clone();
        this.unknown = unknown;
        this.unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
    }

    void encode(AlignedText text, int from, int to, TokenCollector into) {
        var paths = new Paths(to - from);
        int at = from;
        while (at < to) {
            int next = at + Character.charCount(text.codePointAt(at));
            if (!extend(text, from, at, to, next, paths)) {
                paths.offer(at - from, next - from, unknown, unknownScore);
            }
            at = next;
        }
        paths.addTo(into, text, from);
    }

    /** Follows all pieces from a place; false if none of them is the next code point alone. */
    private boolean extend(AlignedText text, int from, int at, int to, int next, Paths paths) {
        boolean single = false;
        int node = PieceTrie.ROOT;
        for (int i = at; i < to; i++) {
            node = trie.child(node, text.charAt(i));
            if (node == PieceTrie.NONE) {
                break;
            }
            int piece = trie.piece(node);
            if (piece != PieceTrie.NONE) {
                paths.offer(at - from, i + 1 - from, piece, scores[piece]);
                single |= i + 1 == next;
            }
        }
        return single;
    }

    /** The best split of each beginning of a word (Viterbi, 1967). */
    private final class Paths {

        private static final int NO_PATH = -1;

        private final double[] totals;
        private final int[] starts;
        private final int[] ids;

        Paths(int length) {
            totals = new double[length + 1];
            starts = new int[length + 1];
            ids = new int[length + 1];
            Arrays.fill(starts, NO_PATH);
        }

        void offer(int start, int end, int id, double score) {
            double total = totals[start] + score;
            if (starts[end] == NO_PATH || total > totals[end]) {
                totals[end] = total;
                starts[end] = start;
                ids[end] = id;
            }
        }

        void addTo(TokenCollector into, AlignedText text, int from) {
            int last = starts.length - 1;
            var ends = new int[last];
            int count = 0;
            for (int end = last; end > 0; end = starts[end]) {
                ends[count++] = end;
            }
            boolean afterUnknown = false;
            for (int i = count - 1; i >= 0; i--) {
                int end = ends[i];
                boolean isUnknown = ids[end] == unknown;
                if (!isUnknown || !afterUnknown) {
                    into.add(ids[end], text.source(from + starts[end]));
                }
                afterUnknown = isUnknown;
            }
        }
    }
}
