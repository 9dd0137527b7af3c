package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors in direct memory that Java and ONNX Runtime share; closed together. For one thread. */
public final class Tensors implements AutoCloseable {

    private final List<OnnxTensor> open = new ArrayList<>();

    /** Creates a float32 tensor of the given shape, filled with 0. */
    public Floats floats(long... shape) {
        var values = allocate(Float.BYTES, shape).asFloatBuffer();
        try {
            return new Floats(values, register(OnnxTensor.createTensor(OnnxSession.environment(), values, shape)));
        } catch (OrtException e) {
            throw OnnxFailures.duringEvaluation(e);
        }
    }

    /** Creates an int64 tensor of the given shape, filled with 0. */
    public Longs longs(long... shape) {
        var values = allocate(Long.BYTES, shape).asLongBuffer();
        try {
            return new Longs(values, register(OnnxTensor.createTensor(OnnxSession.environment(), values, shape)));
        } catch (OrtException e) {
            throw OnnxFailures.duringEvaluation(e);
        }
    }

    /** Creates a tensor of any supported number type and shape, filled with 0. */
    NumericTensor numeric(OnnxJavaType type, long... shape) {
        var memory = allocate(type.size, shape);
        try {
            var tensor = OnnxTensor.createTensor(OnnxSession.environment(), memory, shape, type);
            return new NumericTensor(register(tensor), type, memory);
        } catch (OrtException e) {
            throw OnnxFailures.duringEvaluation(e);
        }
    }

    @Override
    public void close() {
        open.forEach(OnnxTensor::close);
    }

    private OnnxTensor register(OnnxTensor tensor) {
        open.add(tensor);
        return tensor;
    }

    private static ByteBuffer allocate(int elementBytes, long[] shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        int bytes = Math.toIntExact(Math.multiplyExact(elements, (long) elementBytes));
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /**
     * A float32 tensor.
     *
     * @param values its memory in row-major order: writes are visible to the model, and results of the model are visible here
     */
    public record Floats(FloatBuffer values, OnnxTensor tensor) {}

    /**
     * An int64 tensor.
     *
     * @param values its memory in row-major order: writes are visible to the model
     */
    public record Longs(LongBuffer values, OnnxTensor tensor) {}
}
