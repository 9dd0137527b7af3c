package io.atelier.generator.engine.pocket.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors over memory that Java and ONNX Runtime share, freed together. For one thread. */
public final class Tensors implements AutoCloseable {

    private final List<OnnxTensor> open = new ArrayList<>();

    /** A tensor of 32-bit floats, all 0. */
    public Floats floats(long... shape) {
        var values = memory(Float.BYTES, shape).asFloatBuffer();
        try {
            return new Floats(values, keep(OnnxTensor.createTensor(OnnxModel.environment(), values, shape)));
        } catch (OrtException e) {
            throw OnnxFailures.whileDrawing(e);
        }
    }

    /** A tensor of 64-bit integers, all 0. */
    public Longs longs(long... shape) {
        var values = memory(Long.BYTES, shape).asLongBuffer();
        try {
            return new Longs(values, keep(OnnxTensor.createTensor(OnnxModel.environment(), values, shape)));
        } catch (OrtException e) {
            throw OnnxFailures.whileDrawing(e);
        }
    }

    @Override
    public void close() {
        open.forEach(OnnxTensor::close);
    }

    private OnnxTensor keep(OnnxTensor tensor) {
        open.add(tensor);
        return tensor;
    }

    private static ByteBuffer memory(int elementBytes, long[] shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        int bytes = Math.toIntExact(Math.multiplyExact(elements, (long) elementBytes));
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * A tensor of floats.
     *
     * @param values what is written here is what the net reads, and the other way round
     */
    public record Floats(FloatBuffer values, OnnxTensor tensor) {}

    /**
     * A tensor of integers.
     *
     * @param values what is written here is what the net reads
     */
    public record Longs(LongBuffer values, OnnxTensor tensor) {}
}
