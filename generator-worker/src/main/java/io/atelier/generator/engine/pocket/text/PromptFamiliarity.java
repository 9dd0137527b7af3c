package io.atelier.generator.engine.pocket.text;

import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import java.util.List;

/**
 * How near a prompt is to what the model knows by name, by the cosine between the mean token states. The names' own vectors come with the
 * model, as signed bytes scaled to each name's largest component: a cosine needs no scale. Immutable.
 */
public final class PromptFamiliarity {

    private final List<String> names;
    private final byte[] vectors;

    private PromptFamiliarity(List<String> names, byte[] vectors) {
        this.names = names;
        this.vectors = vectors;
    }

    /** Loads the names and their vectors. */
    public static PromptFamiliarity load(ModelFolder folder) {
        var names = folder.lines("vocabulary.txt");
        var vectors = folder.weights("vocabulary");
        if (vectors.length != names.size() * TokenEmbeddings.WIDTH) {
            throw new IllegalStateException("%d names and %d bytes of vectors".formatted(names.size(), vectors.length));
        }
        return new PromptFamiliarity(names, vectors);
    }

    /** The name that is nearest to the prompt. */
    public Nearest nearest(TokenEmbeddings prompt) {
        var mean = prompt.mean();
        var nearest = new Nearest(names.get(0), -1);
        for (int row = 0; row < names.size(); row++) {
            double cosine = cosine(mean, row * TokenEmbeddings.WIDTH);
            if (cosine > nearest.cosine()) {
                nearest = new Nearest(names.get(row), cosine);
            }
        }
        return nearest;
    }

    /** The vector of a text as it is kept in the model's folder. */
    static byte[] vector(TokenEmbeddings text) {
        var mean = text.mean();
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

    private double cosine(float[] mean, int offset) {
        double dot = 0;
        double ours = 0;
        double theirs = 0;
        for (int i = 0; i < mean.length; i++) {
            float known = vectors[offset + i];
            dot += mean[i] * known;
            ours += mean[i] * mean[i];
            theirs += known * known;
        }
        return dot / Math.sqrt(ours * theirs);
    }

    /**
     * A name that the model knows.
     *
     * @param cosine how near it is, -1 to 1; below about 0.45 the model does not know what the prompt speaks of
     */
    public record Nearest(String name, double cosine) {}
}
