package io.atelier.generator.engine.pocket.text;

import java.nio.FloatBuffer;

/** The output of the text encoder, float32 {@code [L, 384]}: a vector for each token, the input of the denoiser's cross-attention. Immutable. */
public final class TokenEmbeddings {

    /** The number of floats in the vector of one token. */
    public static final int WIDTH = 384;

    private final float[] values;
    private final boolean truncated;

    TokenEmbeddings(float[] values, boolean truncated) {
        this.values = values;
        this.truncated = truncated;
    }

    /** Embeddings {@code [L, 384]} that another encoder computed. */
    public static TokenEmbeddings of(float[] values) {
        return new TokenEmbeddings(values.clone(), false);
    }

    /** The number of tokens, {@code L}. */
    public int length() {
        return values.length / WIDTH;
    }

    /** Whether the prompt was longer than the text encoder reads. */
    public boolean truncated() {
        return truncated;
    }

    /** Writes all vectors to the buffer, from the given index on. */
    public void copyTo(FloatBuffer target, int position) {
        target.put(position, values);
    }

    /** The mean of the token vectors, {@code [384]}. */
    float[] mean() {
        var mean = new float[WIDTH];
        for (int i = 0; i < values.length; i++) {
            mean[i % WIDTH] += values[i] / length();
        }
        return mean;
    }
}
