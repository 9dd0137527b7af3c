package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Shows that a device computes, and how fast: products of two matrices, for about a second.
 *
 * @param billionsPerSecond operations (multiplications and additions of single-precision numbers) in a second, in billions
 */
public record DeviceProof(double billionsPerSecond) {

    private static final int SIDE = 512;
    private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;
    private static final float FIRST = 0.5f;
    private static final float SECOND = 2f;

    /**
     * Computes on a device.
     *
     * @param threads threads, for the processor
     * @throws GenerationFailed if the device cannot be used, or its result is wrong
     */
    public static DeviceProof on(InferenceDevice device, int threads, Duration length) {
        device.require();
        try (var model = OnnxSession.load(network(), device, threads);
                var run = new OnnxRun(new Cancellation());
                var tensors = new Tensors()) {
            var a = tensors.numeric(OnnxJavaType.FLOAT, SIDE, SIDE);
            var b = tensors.numeric(OnnxJavaType.FLOAT, SIDE, SIDE);
            var product = tensors.numeric(OnnxJavaType.FLOAT, SIDE, SIDE);
            a.fill(FIRST);
            b.fill(SECOND);
            Map<String, OnnxTensor> inputs = Map.of("a", a.tensor(), "b", b.tensor());
            Map<String, OnnxTensor> outputs = Map.of("product", product.tensor());
            // The first evaluation also prepares the device.
            run.evaluate(model, inputs, outputs);
            var found = new float[SIDE * SIDE];
            product.get(found);
            check(device, found[0]);
            long start = System.nanoTime();
            int evaluations = 0;
            while (System.nanoTime() - start < length.toNanos()) {
                run.evaluate(model, inputs, outputs);
                evaluations++;
            }
            return new DeviceProof(evaluations * OPERATIONS / (System.nanoTime() - start));
        }
    }

    private static void check(InferenceDevice device, float found) {
        float expected = FIRST * SECOND * SIDE;
        if (found != expected) {
            throw OnnxFailures.wrongResult(device.name(), expected, found);
        }
    }

    /** One node: the product of two matrices. */
    private static byte[] network() {
        try (var file = Objects.requireNonNull(DeviceProof.class.getResourceAsStream("matrix-product.onnx"))) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
