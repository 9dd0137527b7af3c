package io.atelier.generator.engine.diffusion.pipeline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.platform.Fp16Conversions;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.TensorType;
import io.atelier.generator.engine.onnx.TensorValues;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A network whose evaluations are recorded, and which a mistake may wrap. */
class ObservedNetwork implements OnnxModel {

    private final OnnxModel network;
    private final List<Evaluation> evaluations = new ArrayList<>();
    private boolean closed;

    ObservedNetwork(OnnxModel network) {
        this.network = network;
    }

    List<Evaluation> evaluations() {
        return evaluations;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Map<String, TensorType> inputs() {
        return network.inputs();
    }

    @Override
    public Map<String, TensorType> outputs() {
        return network.outputs();
    }

    @Override
    public void evaluate(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
            throws OrtException {
        var recorded = values(inputs);
        network.evaluate(inputs, outputs, options);
        evaluations.add(new Evaluation(recorded, values(outputs)));
    }

    @Override
    public Map<String, TensorValues> compute(Map<String, OnnxTensor> inputs, Set<String> outputs, RunOptions options)
            throws OrtException {
        var recorded = values(inputs);
        var results = network.compute(inputs, outputs, options);
        evaluations.add(new Evaluation(recorded, results));
        return results;
    }

    @Override
    public void close() {
        closed = true;
        network.close();
    }

    private static Map<String, TensorValues> values(Map<String, OnnxTensor> tensors) throws OrtException {
        var values = new HashMap<String, TensorValues>();
        for (var entry : tensors.entrySet()) {
            values.put(entry.getKey(), values(entry.getValue()));
        }
        return values;
    }

    static TensorValues values(OnnxTensor tensor) {
        var shape = Arrays.stream(tensor.getInfo().getShape())
                .mapToObj(Math::toIntExact)
                .toList();
        int size = shape.stream().reduce(1, Math::multiplyExact);
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = value(tensor, i);
        }
        return new TensorValues(shape, values);
    }

    private static float value(OnnxTensor tensor, int i) {
        return switch (tensor.getInfo().type) {
            case INT64 -> memory(tensor).getLong(i * Long.BYTES);
            case INT32 -> memory(tensor).getInt(i * Integer.BYTES);
            case FLOAT -> memory(tensor).getFloat(i * Float.BYTES);
            case FLOAT16 -> Fp16Conversions.fp16ToFloat(memory(tensor).getShort(i * Short.BYTES));
            default -> throw new IllegalArgumentException(tensor.toString());
        };
    }

    /** The memory that Java and ONNX Runtime share. */
    static ByteBuffer memory(OnnxTensor tensor) {
        return (ByteBuffer) tensor.getBufferRef().orElseThrow();
    }

    /** One evaluation: inputs and outputs by name. */
    record Evaluation(Map<String, TensorValues> inputs, Map<String, TensorValues> outputs) {}
}
