package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pairs of symbols that byte-pair encoding joins (Sennrich et al., 2016): the pair with the lowest rank first. */
final class BytePairMerges {

    private final Map<Long, Merge> merges;

    private BytePairMerges(Map<Long, Merge> merges) {
        this.merges = merges;
    }

    @Nullable
    Merge find(int left, int right) {
        return merges.get(key(left, right));
    }

    /** Multiplied by an odd number, which keeps keys different: hash codes of the plain pairs would collide often. */
    private static long key(int left, int right) {
        return (((long) left << 32) | right) * 0x9e3779b97f4a7c15L;
    }

    /**
     * What a pair becomes.
     *
     * @param rank the position in the list of merges, from 0
     * @param id the symbol that replaces the pair
     */
    record Merge(int rank, int id) {}

    /** Collects merges in the order of their ranks. */
    static final class Builder {

        private final Map<Long, Merge> merges = new HashMap<>();

        void add(int left, int right, int joined) {
            merges.putIfAbsent(key(left, right), new Merge(merges.size(), joined));
        }

        BytePairMerges build() {
            return new BytePairMerges(Map.copyOf(merges));
        }
    }
}
