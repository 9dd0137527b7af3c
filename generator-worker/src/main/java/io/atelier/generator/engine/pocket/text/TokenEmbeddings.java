package io.atelier.generator.engine.pocket.text;

import java.nio.FloatBuffer;

/** What the text encoder makes of a prompt: a vector for each token, by which the denoiser is steered. Immutable. */
public final class TokenEmbeddings {

    /** Floats in the vector of one token. */
    public static final int WIDTH = 384;

    private final float[] values;
    private final boolean truncated;

    TokenEmbeddings(float[] values, boolean truncated) {
        this.values = values;
        this.truncated = truncated;
    }

    /** States that some other encoder computed, token after token. */
    public static TokenEmbeddings of(float[] values) {
        return new TokenEmbeddings(values.clone(), false);
    }

    /** How many tokens. */
    public int length() {
        return values.length / WIDTH;
    }

    /** Whether the prompt was longer than the text encoder reads. */
    public boolean truncated() {
        return truncated;
    }

    /** Writes all vectors, from the given position on. */
    public void copyTo(FloatBuffer target, int position) {
        target.put(position, values);
    }

    /** The mean of the token vectors: one vector for the whole text. */
    float[] mean() {
        var mean = new float[WIDTH];
        for (int i = 0; i < values.length; i++) {
            mean[i % WIDTH] += values[i] / length();
        }
        return mean;
    }
}
