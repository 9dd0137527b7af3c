package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.List;

/**
 * The declared type of an input or an output.
 *
 * @param element the number type
 * @param shape length of each axis; -1 where any length is allowed. Empty for a scalar
 */
public record TensorType(OnnxJavaType element, List<Long> shape) {

    public TensorType {
        shape = List.copyOf(shape);
    }

    static TensorType of(TensorInfo info) {
        return new TensorType(info.type, Arrays.stream(info.getShape()).boxed().toList());
    }

    /** The number of axes; 0 for a scalar. */
    public int rank() {
        return shape.size();
    }

    /** Whether values are rounded to integers. */
    public boolean isInteger() {
        return element == OnnxJavaType.INT64 || element == OnnxJavaType.INT32;
    }
}
