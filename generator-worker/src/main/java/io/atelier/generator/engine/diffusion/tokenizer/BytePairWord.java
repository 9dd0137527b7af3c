package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * One word while its symbols are joined. A queue of candidates makes the cost of a word of n bytes n log n, so that a text without spaces is no
 * danger. For one thread.
 */
final class BytePairWord {

    private static final int REMOVED = -1;

    private final PriorityQueue<Long> candidates = new PriorityQueue<>();
    private int[] ids = new int[32];
    private int[] sources = new int[32];
    private int[] next = new int[0];
    private int[] previous = new int[0];
    private int size;

    void clear() {
        size = 0;
    }

    void add(int id, int source) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            sources = Arrays.copyOf(sources, 2 * size);
        }
        ids[size] = id;
        sources[size++] = source;
    }

    void replaceLast(int id) {
        ids[size - 1] = id;
    }

    /** Joins pairs until no merge applies, the lowest rank first, of equal ranks the leftmost. */
    void join(BytePairMerges merges) {
        link();
        for (int i = 0; i < size; i++) {
            offer(i, merges);
        }
        while (!candidates.isEmpty()) {
            long candidate = candidates.remove();
            int left = (int) candidate;
            int right = next[left];
            if (ids[left] == REMOVED || right == size) {
                continue;
            }
            var merge = merges.find(ids[left], ids[right]);
            // Another rank means that one of the two has been joined with its other neighbour meanwhile.
            if (merge != null && merge.rank() == (int) (candidate >>> 32)) {
                ids[left] = merge.id();
                remove(left, right);
                offer(left, merges);
                if (left > 0) {
                    offer(previous[left], merges);
                }
            }
        }
    }

    private void link() {
        if (next.length < size) {
            next = new int[ids.length];
            previous = new int[ids.length];
        }
        for (int i = 0; i < size; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
    }

    private void remove(int left, int right) {
        ids[right] = REMOVED;
        next[left] = next[right];
        if (next[right] < size) {
            previous[next[right]] = left;
        }
    }

    private void offer(int left, BytePairMerges merges) {
        if (next[left] < size) {
            var merge = merges.find(ids[left], ids[next[left]]);
            if (merge != null) {
                candidates.add(((long) merge.rank() << 32) | left);
            }
        }
    }

    void addTo(TokenCollector tokens) {
        for (int i = 0; i < size; i = next[i]) {
            tokens.add(ids[i], sources[i]);
        }
    }
}
