package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * A tensor in memory that Java and ONNX Runtime share, of the number type that a network declares: float32, float16, bfloat16, float64, int64 or
 * int32. Java reads and writes float32 values, which are converted and for integers rounded. For one thread.
 */
public final class NumericTensor {

    private final OnnxTensor tensor;
    private final OnnxJavaType type;
    private final ByteBuffer memory;
    private final FloatBuffer floats;
    private final int size;

    /** A view of a tensor whose memory is the buffer. */
    NumericTensor(OnnxTensor tensor, OnnxJavaType type, ByteBuffer memory) {
        this.tensor = tensor;
        this.type = type;
        this.memory = memory;
        this.floats = memory.asFloatBuffer();
        this.size = memory.capacity() / type.size;
    }

    /** Whether tensors of this type can be made. */
    static boolean supports(OnnxJavaType type) {
        return switch (type) {
            case FLOAT, FLOAT16, BFLOAT16, DOUBLE, INT64, INT32 -> true;
            default -> false;
        };
    }

    /** The number of values. */
    public int size() {
        return size;
    }

    /** Writes values in row-major order, starting at an index. */
    public void put(int at, float[] values) {
        put(at, values, 0, values.length);
    }

    /** Writes a part of an array, starting at an index. */
    public void put(int at, float[] values, int from, int count) {
        if (type == OnnxJavaType.FLOAT) {
            floats.put(at, values, from, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            set(at + i, values[from + i]);
        }
    }

    /** Writes the same value everywhere. */
    public void fill(float value) {
        for (int i = 0; i < size; i++) {
            set(i, value);
        }
    }

    /** Reads values in row-major order, from the first. */
    public void get(float[] into) {
        if (type == OnnxJavaType.FLOAT) {
            floats.get(0, into);
            return;
        }
        for (int i = 0; i < into.length; i++) {
            into[i] = value(i);
        }
    }

    OnnxTensor tensor() {
        return tensor;
    }

    private void set(int index, float value) {
        int at = index * type.size;
        switch (type) {
            case FLOAT16 -> memory.putShort(at, Fp16Conversions.floatToFp16(value));
            case BFLOAT16 -> memory.putShort(at, Fp16Conversions.floatToBf16(value));
            case DOUBLE -> memory.putDouble(at, value);
            case INT64 -> memory.putLong(at, Math.round((double) value));
            case INT32 -> memory.putInt(at, Math.round(value));
            default -> floats.put(index, value);
        }
    }

    private float value(int index) {
        int at = index * type.size;
        return switch (type) {
            case FLOAT16 -> Fp16Conversions.fp16ToFloat(memory.getShort(at));
            case BFLOAT16 -> Fp16Conversions.bf16ToFloat(memory.getShort(at));
            case DOUBLE -> (float) memory.getDouble(at);
            case INT64 -> memory.getLong(at);
            case INT32 -> memory.getInt(at);
            default -> floats.get(index);
        };
    }
}
