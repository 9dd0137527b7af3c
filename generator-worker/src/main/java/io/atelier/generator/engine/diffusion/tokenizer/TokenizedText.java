package io.atelier.generator.engine.diffusion.tokenizer;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token ids of a text, with start and end tokens and padding. Immutable. */
public final class TokenizedText {

    private final int[] ids;
    private final int unpaddedLength;
    private final @Nullable String cut;

    /** Takes over the array. */
    TokenizedText(int[] ids, int unpaddedLength, @Nullable String cut) {
        this.ids = ids;
        this.unpaddedLength = unpaddedLength;
        this.cut = cut;
    }

    /** The number of ids, padding included. */
    public int length() {
        return ids.length;
    }

    /** The number of ids before the padding. */
    public int unpaddedLength() {
        return unpaddedLength;
    }

    /**
     * The id at a position.
     *
     * @param i 0 to {@code length() - 1}
     */
    public int id(int i) {
        return ids[i];
    }

    /** A copy of all ids. */
    public int[] toIntArray() {
        return ids.clone();
    }

    /** A copy of all ids, for inputs of type int64. */
    public long[] toLongArray() {
        return Arrays.stream(ids).asLongStream().toArray();
    }

    /** The end of the text that did not fit, as the user wrote it; empty if the whole text fits. */
    public Optional<String> cut() {
        return Optional.ofNullable(cut);
    }
}
