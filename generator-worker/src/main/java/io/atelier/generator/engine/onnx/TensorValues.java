package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import java.util.Arrays;
import java.util.List;

/** The shape and the values of an output, as float32 in row-major order. The array is shared, not copied. */
public final class TensorValues {

    private final List<Integer> shape;
    private final float[] values;

    /**
     * Creates the values of a tensor.
     *
     * @param values as many as the product of the shape; taken over
     */
    public TensorValues(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
    }

    /** The values of a float32, float16 or bfloat16 tensor. */
    static TensorValues copyOf(OnnxTensor tensor) throws OrtException {
        // ONNX Runtime converts both kinds of half precision here.
        var buffer = tensor.getFloatBuffer();
        if (buffer == null) {
            throw new OrtException(
                    OrtErrorCode.ORT_INVALID_ARGUMENT, "An output has the type " + tensor.getInfo().type);
        }
        var values = new float[buffer.remaining()];
        buffer.get(values);
        var shape = Arrays.stream(tensor.getInfo().getShape())
                .mapToObj(Math::toIntExact)
                .toList();
        return new TensorValues(shape, values);
    }

    public List<Integer> shape() {
        return shape;
    }

    /** The length of an axis; negative axes count from the last, which is -1. */
    public int length(int axis) {
        return shape.get(axis < 0 ? shape.size() + axis : axis);
    }

    /** The values themselves, which must not be changed. */
    public float[] values() {
        return values;
    }
}
