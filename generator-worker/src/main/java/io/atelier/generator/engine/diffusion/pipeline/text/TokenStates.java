package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts hidden states {@code [n, S, D]} together. */
final class TokenStates {

    private TokenStates() {}

    /** Joins the vectors of each row: {@code [..., D1]} and {@code [..., D2]} to {@code [..., D1 + D2]}. */
    static TensorValues joinVectors(TensorValues first, TensorValues second) {
        return widen(first, second, first.length(-1) + second.length(-1));
    }

    /** Appends zeros to each vector. */
    static TensorValues padVectors(TensorValues states, int width) {
        return widen(states, null, width);
    }

    /** Appends the tokens of the second to those of the first: {@code [n, S1, D]} and {@code [n, S2, D]} to {@code [n, S1 + S2, D]}. */
    static TensorValues joinTokens(TensorValues first, TensorValues second) {
        int rows = first.length(0);
        int ofFirst = first.length(1) * first.length(2);
        int ofSecond = second.length(1) * second.length(2);
        var joined = new float[rows * (ofFirst + ofSecond)];
        for (int row = 0; row < rows; row++) {
            int at = row * (ofFirst + ofSecond);
            System.arraycopy(first.values(), row * ofFirst, joined, at, ofFirst);
            System.arraycopy(second.values(), row * ofSecond, joined, at + ofFirst, ofSecond);
        }
        return new TensorValues(List.of(rows, first.length(1) + second.length(1), first.length(2)), joined);
    }

    /** Puts texts {@code [1, L, D]} of different lengths together, with zeros at the end of shorter ones: {@code [n, longest, D]}. */
    static TensorValues stack(List<TensorValues> texts, int longest) {
        int width = texts.get(0).length(2);
        var stacked = new float[texts.size() * longest * width];
        for (int i = 0; i < texts.size(); i++) {
            var values = texts.get(i).values();
            System.arraycopy(values, 0, stacked, i * longest * width, values.length);
        }
        return new TensorValues(List.of(texts.size(), longest, width), stacked);
    }

    static TensorValues zeros(Integer... shape) {
        int size = 1;
        for (int length : shape) {
            size *= length;
        }
        return new TensorValues(List.of(shape), new float[size]);
    }

    /** Zeros of the same shape. */
    static TensorValues zerosLike(TensorValues values) {
        return zeros(values.shape().toArray(Integer[]::new));
    }

    private static TensorValues widen(TensorValues first, @Nullable TensorValues second, int width) {
        int ofFirst = first.length(-1);
        int ofSecond = second == null ? 0 : second.length(-1);
        int vectors = first.values().length / ofFirst;
        var joined = new float[vectors * width];
        for (int i = 0; i < vectors; i++) {
            System.arraycopy(first.values(), i * ofFirst, joined, i * width, ofFirst);
            if (second != null) {
                System.arraycopy(second.values(), i * ofSecond, joined, i * width + ofFirst, ofSecond);
            }
        }
        var shape = new ArrayList<>(first.shape());
        shape.set(shape.size() - 1, width);
        return new TensorValues(shape, joined);
    }
}
