package io.atelier.generator.engine.diffusion.pipeline.pocket;

import io.atelier.generator.engine.onnx.TensorValues;
import java.util.List;

/**
 * Finds the known name that is nearest to a prompt, by the cosine similarity of the mean token embeddings {@code [384]}. The vectors of the
 * names are part of the model, as int8 {@code [names, 384]}, each scaled to its largest component: the cosine does not depend on the scale.
 * Immutable.
 */
final class PromptFamiliarity {

    private final List<String> names;
    private final byte[] vectors;

    private PromptFamiliarity(List<String> names, byte[] vectors) {
        this.names = names;
        this.vectors = vectors;
    }

    /**
     * Loads the names and their vectors.
     *
     * @throws io.atelier.generator.engine.GenerationFailed if a file is missing or damaged
     */
    static PromptFamiliarity load(ClassPathModel folder) {
        var names = folder.lines("vocabulary.txt");
        var vectors = folder.weights("vocabulary");
        if (vectors.length != names.size() * PocketPromptEncoder.WIDTH) {
            throw new IllegalStateException("%d names and %d bytes of vectors".formatted(names.size(), vectors.length));
        }
        return new PromptFamiliarity(names, vectors);
    }

    /**
     * The name that is nearest to a prompt.
     *
     * @param prompt {@code [1, L, 384]}
     */
    Nearest nearest(TensorValues prompt) {
        var mean = mean(prompt);
        var nearest = new Nearest(names.get(0), -1);
        for (int row = 0; row < names.size(); row++) {
            double cosine = cosine(mean, row * PocketPromptEncoder.WIDTH);
            if (cosine > nearest.cosine()) {
                nearest = new Nearest(names.get(row), cosine);
            }
        }
        return nearest;
    }

    /** The vector of a text in the format of the model's folder: int8 {@code [384]}, scaled to the largest component. */
    static byte[] vector(TensorValues text) {
        var mean = mean(text);
        float largest = 0;
        for (float component : mean) {
            largest = Math.max(largest, Math.abs(component));
        }
        var bytes = new byte[mean.length];
        for (int i = 0; i < mean.length; i++) {
            bytes[i] = (byte) Math.round(mean[i] / largest * Byte.MAX_VALUE);
        }
        return bytes;
    }

    /** The mean of the token vectors, {@code [384]}. */
    private static float[] mean(TensorValues states) {
        var values = states.values();
        var mean = new float[PocketPromptEncoder.WIDTH];
        for (int i = 0; i < values.length; i++) {
            mean[i % mean.length] += values[i] / states.length(1);
        }
        return mean;
    }

    private double cosine(float[] mean, int offset) {
        double dot = 0;
        double promptSquares = 0;
        double nameSquares = 0;
        for (int i = 0; i < mean.length; i++) {
            float known = vectors[offset + i];
            dot += mean[i] * known;
            promptSquares += mean[i] * mean[i];
            nameSquares += known * known;
        }
        return dot / Math.sqrt(promptSquares * nameSquares);
    }

    /**
     * A name that the model knows.
     *
     * @param cosine similarity to the prompt, -1 to 1; below about 0.45 the model does not know the subject of the prompt
     */
    record Nearest(String name, double cosine) {}
}
