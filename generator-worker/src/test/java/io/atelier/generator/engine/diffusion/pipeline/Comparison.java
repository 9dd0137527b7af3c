package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.onnx.TensorValues;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Compares values with golden ones: remembers the largest difference of each kind, and what is beyond the tolerance. */
final class Comparison {

    private final Map<String, Double> largest = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    /** Largest absolute difference by kind. */
    Map<String, Double> largest() {
        return largest;
    }

    /** What is wrong; empty if all is within the tolerances. */
    List<String> failures() {
        return failures;
    }

    /** The kinds of values that are wrong. */
    List<String> failedKinds() {
        return failures.stream()
                .map(failure -> failure.substring(0, failure.indexOf(':')))
                .distinct()
                .toList();
    }

    /** Compares with a summary: shape, sum, first and last values, perhaps all. */
    void tensor(String kind, TensorValues found, JsonNode golden, double tolerance) {
        var shape = new ArrayList<Integer>();
        golden.path("shape").forEach(length -> shape.add(length.intValue()));
        if (!shape.isEmpty() && !shape.equals(found.shape())) {
            failures.add("%s: shape %s, expected %s".formatted(kind, found.shape(), shape));
            return;
        }
        values(kind, found.values(), 0, golden.path("first"), tolerance);
        values(kind, found.values(), 0, golden.path("data"), tolerance);
        var last = golden.path("last");
        values(kind, found.values(), found.values().length - last.size(), last, tolerance);
        double sum = 0;
        for (float value : found.values()) {
            sum += value;
        }
        double allowed = 1e-3 * golden.path("abs_sum").doubleValue() + 1e-6;
        if (!(Math.abs(sum - golden.path("sum").doubleValue()) <= allowed)) {
            failures.add("%s: sum %s, expected %s".formatted(kind, sum, golden.path("sum")));
        }
    }

    void number(String kind, double found, double expected, double tolerance) {
        double difference = Math.abs(found - expected);
        largest.merge(kind, difference, Math::max);
        if (!(difference <= tolerance)) {
            failures.add("%s: %s, expected %s".formatted(kind, found, expected));
        }
    }

    void equal(String kind, Object found, Object expected) {
        if (!found.equals(expected)) {
            failures.add("%s: %s, expected %s".formatted(kind, found, expected));
        }
    }

    /** At most two levels on any channel, and a peak signal-to-noise ratio of more than 45 dB. */
    void picture(String kind, BufferedImage found, BufferedImage golden) {
        double squares = 0;
        for (int y = 0; y < golden.getHeight(); y++) {
            for (int x = 0; x < golden.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int difference = (found.getRGB(x, y) >> shift & 255) - (golden.getRGB(x, y) >> shift & 255);
                    number(kind, difference, 0, 2);
                    squares += difference * difference;
                }
            }
        }
        double decibels = psnr(squares, 3.0 * golden.getWidth() * golden.getHeight());
        if (!(decibels > 45)) {
            failures.add("%s: PSNR of %s dB".formatted(kind, decibels));
        }
    }

    static double psnr(double sumOfSquares, double samples) {
        return 10 * Math.log10(255 * 255 * samples / sumOfSquares);
    }

    private void values(String kind, float[] found, int from, JsonNode golden, double tolerance) {
        for (int i = 0; i < golden.size(); i++) {
            number(kind, found[from + i], golden.get(i).doubleValue(), tolerance);
        }
    }
}
