package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;

/** Collects the ids of a text up to a limit, and remembers where the first id came from that did not fit. For one thread. */
final class TokenCollector {

    private static final int NONE = -1;

    private final int[] ids;
    private int size;
    private int cutFrom = NONE;

    TokenCollector(int limit) {
        this.ids = new int[limit];
    }

    /**
     * Adds an id if there is room.
     *
     * @param source index in the user's text
     */
    void add(int id, int source) {
        if (size < ids.length) {
            ids[size++] = id;
        } else if (cutFrom == NONE) {
            cutFrom = source;
        }
    }

    /** Whether an id did not fit; all others are of no use then. */
    boolean isOverfull() {
        return cutFrom != NONE;
    }

    /** The index in the user's text from which nothing fits; only if {@link #isOverfull}. */
    int cutFrom() {
        return cutFrom;
    }

    int[] ids() {
        return Arrays.copyOf(ids, size);
    }
}
