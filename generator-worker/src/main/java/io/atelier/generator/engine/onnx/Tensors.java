package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors in direct memory that Java and ONNX Runtime share; closed together. For one thread. */
final class Tensors implements AutoCloseable {

    private final List<OnnxTensor> open = new ArrayList<>();

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
}
